// SPDX-License-Identifier: Apache-2.0
package anabranch.job;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.job.config.FederationConfig;
import anabranch.job.testkit.JobCluster.Run;
import anabranch.job.testkit.MeanOracle;
import anabranch.job.testkit.Participants;
import anabranch.job.testkit.PublishedVersions;
import anabranch.job.testkit.RecordedUpdates;
import anabranch.job.testkit.Stage;
import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.Outcome;
import anabranch.protocol.message.Receipt;
import anabranch.protocol.message.RoundOutcome;
import anabranch.protocol.message.RoundReport;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailedRoundITCase {

  private static final int MAX_EXPONENT = 16;
  private static final int STRIDE = 11;

  @TempDir Path directory;

  @Test
  void roundWithoutQuorumIsReportedAndLeavesNoTraceInTheModel() throws Exception {
    try (Stage stage = Stage.open(directory)) {
      stage.begin();
      FederationConfig config =
          stage.federation().config("round.deadline=3s", "round.retry.backoff=100ms");
      try (Participants participants = stage.participants(14)) {
        participants.with(
            (plan, records) -> {
              int sent = plan.round() == 1 ? records.size() / 2 : records.size();
              return records.subList(0, sent);
            });
        stage.cluster().submit(config, Run.PLAIN.at(2));
        participants.play(1, Stage.PATIENCE);
        stage.cluster().stopWithSavepoint();
      }
      PublishedVersions published = PublishedVersions.read(stage.federation());

      RoundReport failed = published.reports().get(0);
      assertThat(failed.outcome()).isEqualTo(RoundOutcome.QUORUM_MISSED);
      assertThat(failed.modelVersion()).isZero();
      assertThat(failed.total().expired()).isEqualTo(failed.total().received()).isPositive();
      Announcement afterFailure =
          published.announcements().stream()
              .filter(a -> a.receipts() != null)
              .findFirst()
              .orElseThrow();
      assertThat(afterFailure.blocks()).isEqualTo(published.announcements().get(1).blocks());
      assertThat(afterFailure.receipts().receipts())
          .extracting(Receipt::outcome)
          .containsOnly(Outcome.EXPIRED);

      RoundReport completed = published.reports().get(1);
      assertThat(completed.outcome()).isEqualTo(RoundOutcome.COMPLETED);
      assertThat(completed.contributions()).hasSize(RecordedUpdates.CLIENTS);
      new MeanOracle(stage.federation().model(), Stage.UPDATES, MAX_EXPONENT)
          .check(published, 2, 1, STRIDE);
    }
  }
}

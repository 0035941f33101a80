// SPDX-License-Identifier: Apache-2.0
package anabranch.job;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.job.testkit.Await;
import anabranch.job.testkit.JobCluster.Run;
import anabranch.job.testkit.JobMetrics;
import anabranch.job.testkit.Participants;
import anabranch.job.testkit.Polluter;
import anabranch.job.testkit.PublishedVersions;
import anabranch.job.testkit.RecordedUpdates;
import anabranch.job.testkit.Stage;
import anabranch.protocol.message.Ledger;
import anabranch.protocol.message.RejectedRecord;
import anabranch.protocol.message.RoundReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GarbageITCase {

  private static final String COORDINATE = "coordinate rounds";
  private static final Duration A_MOMENT = Duration.ofSeconds(30);

  @TempDir Path directory;

  @Test
  void garbageLeavesTheModelAsItIsAndEndsInTheLedger() throws Exception {
    try (Stage stage = Stage.open(directory)) {
      PublishedVersions clean = stage.playTenRounds(9, Run.PLAIN);
      long sound = recordsReceived(clean);

      Polluter polluter = new Polluter(10);
      stage.begin();
      TreeMap<String, Double> gauges;
      try (Participants participants = stage.participants(9).with(polluter)) {
        stage.cluster().submit(stage.tenRounds(), Run.PLAIN.at(2));
        participants.play(RecordedUpdates.ROUNDS, Stage.PATIENCE);
        JobMetrics metrics = new JobMetrics(stage.cluster());
        long sent = participants.sent();
        Await.until(
            () -> "all of %d records are in the ledger".formatted(sent),
            A_MOMENT,
            () -> metrics.values(COORDINATE).getOrDefault("recordsReceived", 0.0) == sent);
        gauges = metrics.values(COORDINATE);
        stage.cluster().stopWithSavepoint();
      }
      PublishedVersions dirty = PublishedVersions.read(stage.federation());

      assertThat(dirty.hashes()).isEqualTo(clean.hashes());
      assertThat(dirty.planIds()).isEqualTo(clean.planIds());
      assertThat(reasons(dirty, stage.federation().topics().updates()))
          .isEqualTo(polluter.refused());
      assertThat(dirty.rejected().stream().map(r -> r.partition() + "@" + r.offset()))
          .doesNotHaveDuplicates();
      assertThat(gauges)
          .containsEntry("recordsFolded", (double) sound)
          .containsEntry("recordsRejected", (double) dirty.rejected().size())
          .containsEntry("recordsLate", 0.0)
          .containsEntry("recordsExpired", 0.0)
          .containsEntry("recordsOpen", 0.0);
      assertThat(gauges.get("recordsDuplicate") + gauges.get("recordsSurplus"))
          .isEqualTo(polluter.replays());
      assertEveryReportBalances(dirty);
    }
  }

  private static long recordsReceived(PublishedVersions published) {
    Ledger total = published.reports().get(RecordedUpdates.ROUNDS - 1).total();
    assertThat(total.folded()).isEqualTo(total.received());
    return total.received();
  }

  private static Map<String, Long> reasons(PublishedVersions published, String topic) {
    return published.rejected().stream()
        .filter(r -> r.topic().equals(topic))
        .collect(
            Collectors.groupingBy(RejectedRecord::reason, TreeMap::new, Collectors.counting()));
  }

  private static void assertEveryReportBalances(PublishedVersions published) {
    Ledger before = Ledger.EMPTY;
    assertThat(published.reports()).hasSize(RecordedUpdates.ROUNDS);
    for (RoundReport report : published.reports()) {
      assertThat(report.ledger().balances()).isTrue();
      assertThat(report.total().balances()).isTrue();
      assertThat(report.ledger()).isEqualTo(report.total().minus(before));
      before = report.total();
    }
  }
}

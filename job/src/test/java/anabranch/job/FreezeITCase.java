// SPDX-License-Identifier: Apache-2.0
package anabranch.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import anabranch.job.config.FederationConfig;
import anabranch.job.testkit.JobCluster.Run;
import anabranch.job.testkit.Participants;
import anabranch.job.testkit.PublishedVersions;
import anabranch.job.testkit.RecordedUpdates;
import anabranch.job.testkit.Stage;
import anabranch.job.testkit.TestModel;
import anabranch.protocol.message.RoundReport;
import anabranch.protocol.message.StageMovement;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Role;
import anabranch.protocol.model.Segment;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stages that end when their blocks have settled, over the control topic. */
class FreezeITCase {

  private static final TestModel MODEL = TestModel.threeBlocks().inThreeStages();

  @TempDir private Path directory;

  @Test
  void settledStageEndsAtTheSameRoundWhateverHappensOnTheWay() throws Exception {
    try (Stage stage = Stage.open(directory, MODEL)) {
      // Two effective movements are there after three rounds, and almost any line will do.
      FederationConfig config =
          stage
              .federation()
              .config(
                  "schedule.blocks=freeze",
                  "schedule.freeze.window=2",
                  "schedule.freeze.evaluations=2",
                  "schedule.freeze.change=1",
                  "schedule.freeze.level=1",
                  "round.limit=" + RecordedUpdates.ROUNDS);
      PublishedVersions undisturbed = play(stage, config, 1, false);
      PublishedVersions restarted = play(stage, config, 2, true);

      assertThat(undisturbed.reports())
          .extracting(RoundReport::stage)
          .as("settled after three rounds, one more was under way")
          .containsExactly(1, 1, 1, 1, 2, 2, 2, 2, 3, 3);
      assertThat(undisturbed.reports())
          .extracting(report -> report.movement().settled())
          .containsExactly(false, false, true, true, false, false, true, true, false, false);
      assertThat(restarted.hashes()).isEqualTo(undisturbed.hashes());
      assertThat(restarted.planIds()).isEqualTo(undisturbed.planIds());
      assertThat(movements(restarted)).isEqualTo(movements(undisturbed));
      // The tail of stage 3 was trained in stage 2 too, the head was not.
      assertThat(movements(undisturbed).get(8).effectiveMovement()).isNull();
      assertThat(movements(undisturbed).get(6).effectiveMovement())
          .isCloseTo(ofSmallBlock(undisturbed, 5, 7), within(0.02));
    }
  }

  private static PublishedVersions play(
      Stage stage, FederationConfig config, long shuffle, boolean disturbed) throws Exception {
    stage.begin();
    try (Participants participants = stage.participants(shuffle)) {
      stage.cluster().submit(config, Run.PLAIN);
      participants.inMidRound(
          plan -> {
            if (disturbed && plan.round() == 4) {
              stage.cluster().replaceTaskManager();
            }
            if (disturbed && plan.round() == 7) {
              String savepoint = stage.cluster().stopWithSavepoint();
              stage.cluster().submit(config, Run.PLAIN.at(2).from(savepoint));
            }
          });
      participants.play(RecordedUpdates.ROUNDS, Stage.PATIENCE);
      stage.cluster().cancel();
    }
    return PublishedVersions.read(stage.federation());
  }

  private static List<StageMovement> movements(PublishedVersions published) {
    return published.reports().stream().map(RoundReport::movement).toList();
  }

  /** Of all parameters of block 1, of which a sample is measured. */
  private static double ofSmallBlock(PublishedVersions published, long from, long to) {
    ModelManifest manifest = MODEL.manifest();
    double net = 0;
    double path = 0;
    for (Segment segment : manifest.segmentsOf(1)) {
      if (segment.role() == Role.PARAMETER) {
        net += distance(published.values(segment, from), published.values(segment, to));
        for (long version = from; version < to; version++) {
          path +=
              distance(published.values(segment, version), published.values(segment, version + 1));
        }
      }
    }
    return net / path;
  }

  private static double distance(float[] from, float[] to) {
    double sum = 0;
    for (int i = 0; i < to.length; i++) {
      sum += Math.abs((double) to[i] - from[i]);
    }
    return sum;
  }
}

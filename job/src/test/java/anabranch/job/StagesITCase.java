// SPDX-License-Identifier: Apache-2.0
package anabranch.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import anabranch.job.config.FederationConfig;
import anabranch.job.testkit.JobCluster.Run;
import anabranch.job.testkit.Participants;
import anabranch.job.testkit.PublishedVersions;
import anabranch.job.testkit.RecordedUpdates;
import anabranch.job.testkit.Stage;
import anabranch.job.testkit.TestModel;
import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.BlockVersion;
import anabranch.protocol.message.Plan;
import anabranch.protocol.message.RoundReport;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model that is trained stage by stage, and what ends its job in the middle of a cycle. */
class StagesITCase {

  @TempDir private Path directory;

  private Stage stage;

  @BeforeEach
  void open() throws Exception {
    stage = Stage.open(directory, TestModel.threeBlocks().inThreeStages());
    stage.begin();
  }

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void restartFromASavepointInMidCycleLeavesNoTrace() throws Exception {
    FederationConfig config = rounds(RecordedUpdates.ROUNDS);
    try (Participants participants = stage.participants(1)) {
      stage.cluster().submit(config, Run.PLAIN);
      participants.play(RecordedUpdates.ROUNDS, Stage.PATIENCE);
      stage.cluster().cancel();
    }
    PublishedVersions undisturbed = PublishedVersions.read(stage.federation());

    stage.begin();
    try (Participants participants = stage.participants(2)) {
      stage.cluster().submit(config, Run.PLAIN.on("rocksdb"));
      participants.inMidRound(
          plan -> {
            if (plan.round() == 5) {
              String savepoint = stage.cluster().stopWithSavepoint();
              stage.cluster().submit(config, Run.PLAIN.on("rocksdb").at(2).from(savepoint));
            }
          });
      participants.play(RecordedUpdates.ROUNDS, Stage.PATIENCE);
      stage.cluster().cancel();
    }
    PublishedVersions restarted = PublishedVersions.read(stage.federation());

    assertThat(restarted.hashes()).isEqualTo(undisturbed.hashes());
    assertThat(restarted.planIds()).isEqualTo(undisturbed.planIds());
    assertThat(restarted.reports())
        .extracting(RoundReport::stage)
        .containsExactly(1, 2, 3, 1, 2, 3, 1, 2, 3, 1);
  }

  @Test
  void startWithoutStateInMidCycleGoesOnWithTheStageAndTheVersionsOfEachBlock() throws Exception {
    try (Participants participants = stage.participants(3)) {
      stage.cluster().submit(rounds(0), Run.PLAIN);
      participants.play(8, Stage.PATIENCE);
      stage.cluster().cancel();
      Announcement before = participants.newest();

      stage.cluster().submit(rounds(0), Run.PLAIN.at(2));
      Announcement after =
          participants.watch(
              "the next plan", Stage.PATIENCE, a -> a.incarnation() == 2 && a.plan() != null);
      assertThat(after.plan().stage()).isEqualTo(3);
      assertThat(after.plan().trainBlocks()).containsExactly(1, 2);
      assertThat(after.plan().holdBlocks()).containsExactly(0);
      assertThat(after.blocks())
          .extracting(BlockVersion::version, BlockVersion::digest)
          .containsExactlyElementsOf(
              before.blocks().stream().map(b -> tuple(b.version(), b.digest())).toList());
      participants.play(10, Stage.PATIENCE);
      stage.cluster().cancel();
    }
    PublishedVersions published = PublishedVersions.read(stage.federation());
    List<Plan> plans =
        published.announcements().stream()
            .map(Announcement::plan)
            .filter(Objects::nonNull)
            .distinct()
            .toList();
    assertThat(plans).extracting(Plan::stage).startsWith(1, 2, 3, 1, 2, 3, 1, 2, 3, 3, 1);
  }

  private FederationConfig rounds(int limit) throws Exception {
    return stage.federation().config("schedule.blocks=round-robin", "round.limit=" + limit);
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.job;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.job.testkit.JobCluster.Run;
import anabranch.job.testkit.Participants;
import anabranch.job.testkit.PublishedVersions;
import anabranch.job.testkit.RecordedUpdates;
import anabranch.job.testkit.Stage;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * From one recorded set of updates comes one SHA-256 for each published version, whatever happens
 * on the way.
 */
class OneHashITCase {

  private static final int BLOCKS = 3;

  @TempDir static Path directory;

  private static Stage stage;
  private static PublishedVersions reference;

  @BeforeAll
  static void playUndisturbed() throws Exception {
    stage = Stage.open(directory);
    reference = stage.playTenRounds(1, Run.PLAIN);
    assertThat(reference.hashes()).hasSize(BLOCKS * (1 + RecordedUpdates.ROUNDS));
    assertThat(reference.hashes().values()).doesNotHaveDuplicates();
  }

  @AfterAll
  static void close() {
    stage.close();
  }

  private static void assertSameVersions(PublishedVersions read) {
    assertThat(read.hashes()).isEqualTo(reference.hashes());
    assertThat(read.planIds()).isEqualTo(reference.planIds());
  }

  @ParameterizedTest
  @CsvSource({"2, 1, hashmap", "3, 2, hashmap", "4, 2, rocksdb"})
  void orderParallelismAndBackendLeaveNoTrace(int shuffle, int parallelism, String backend)
      throws Exception {
    assertSameVersions(stage.playTenRounds(shuffle, Run.PLAIN.at(parallelism).on(backend)));
  }

  @ParameterizedTest
  @CsvSource({"5, 2, 1, hashmap", "6, 1, 2, rocksdb"})
  void rescalingFromASavepointInMidRoundLeavesNoTrace(
      int shuffle, int before, int after, String backend) throws Exception {
    stage.begin();
    try (Participants participants = stage.participants(shuffle)) {
      Run run = Run.PLAIN.on(backend);
      stage.cluster().submit(stage.tenRounds(), run.at(before));
      participants.inMidRound(
          plan -> {
            if (plan.round() == 4) {
              String savepoint = stage.cluster().stopWithSavepoint();
              stage.cluster().submit(stage.tenRounds(), run.at(after).from(savepoint));
            }
          });
      participants.play(RecordedUpdates.ROUNDS, Stage.PATIENCE);
      stage.cluster().cancel();
    }
    assertSameVersions(PublishedVersions.read(stage.federation()));
  }

  @Test
  void lostTaskManagersInMidRoundLeaveNoTrace() throws Exception {
    stage.begin();
    try (Participants participants = stage.participants(7)) {
      stage.cluster().submit(stage.tenRounds(), Run.PLAIN.at(2));
      participants.inMidRound(
          plan -> {
            if (plan.round() == 3 || plan.round() == 7) {
              stage.cluster().replaceTaskManager();
            }
          });
      participants.play(RecordedUpdates.ROUNDS, Stage.PATIENCE);
      assertThat(stage.cluster().restarts()).isGreaterThanOrEqualTo(2);
      stage.cluster().cancel();
    }
    assertSameVersions(PublishedVersions.read(stage.federation()));
  }
}

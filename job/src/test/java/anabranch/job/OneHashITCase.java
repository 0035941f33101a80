// SPDX-License-Identifier: Apache-2.0
package anabranch.job;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.job.testkit.JobCluster;
import anabranch.job.testkit.JobCluster.Run;
import anabranch.job.testkit.Participants;
import anabranch.job.testkit.PublishedVersions;
import anabranch.job.testkit.RecordedUpdates;
import anabranch.job.testkit.TestFederation;
import anabranch.job.testkit.TestModel;
import anabranch.kafka.broker.LocalBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
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

  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final TestModel MODEL = TestModel.threeBlocks();
  private static final RecordedUpdates UPDATES = new RecordedUpdates(MODEL);

  @TempDir static Path directory;

  private static LocalBroker broker;
  private static JobCluster cluster;
  private static TestFederation federation;
  private static PublishedVersions reference;

  @BeforeAll
  static void runOnce() throws Exception {
    broker = LocalBroker.start();
    cluster = JobCluster.start(directory);
    federation = new TestFederation(broker.bootstrapServers(), MODEL);
    begin();
    try (Participants participants = new Participants(federation, UPDATES, 1)) {
      cluster.submit(federation.config("round.limit=" + RecordedUpdates.ROUNDS), Run.PLAIN);
      participants.play(RecordedUpdates.ROUNDS, PATIENCE);
      cluster.cancel();
    }
    reference = PublishedVersions.read(federation);
    assertThat(reference.hashes()).hasSize(3 * (1 + RecordedUpdates.ROUNDS));
    assertThat(Map.copyOf(reference.hashes()).values()).doesNotHaveDuplicates();
  }

  @AfterAll
  static void stop() {
    cluster.close();
    broker.close();
  }

  private static void begin() throws Exception {
    federation.begin();
    federation.checkIn(UPDATES.checkIns());
  }

  private static void assertSameVersions() {
    PublishedVersions read = PublishedVersions.read(federation);
    assertThat(read.hashes()).isEqualTo(reference.hashes());
    assertThat(read.planIds()).isEqualTo(reference.planIds());
  }

  @ParameterizedTest
  @CsvSource({"2, 1, hashmap", "3, 2, hashmap", "4, 2, rocksdb"})
  void orderParallelismAndBackendLeaveNoTrace(int shuffle, int parallelism, String backend)
      throws Exception {
    begin();
    try (Participants participants = new Participants(federation, UPDATES, shuffle)) {
      cluster.submit(
          federation.config("round.limit=" + RecordedUpdates.ROUNDS),
          Run.PLAIN.at(parallelism).on(backend));
      participants.play(RecordedUpdates.ROUNDS, PATIENCE);
      cluster.cancel();
    }
    assertSameVersions();
  }

  @ParameterizedTest
  @CsvSource({"5, 2, 1, hashmap", "6, 1, 2, rocksdb"})
  void rescalingFromASavepointInMidRoundLeavesNoTrace(
      int shuffle, int before, int after, String backend) throws Exception {
    begin();
    try (Participants participants = new Participants(federation, UPDATES, shuffle)) {
      Run run = Run.PLAIN.on(backend);
      cluster.submit(federation.config("round.limit=" + RecordedUpdates.ROUNDS), run.at(before));
      participants.inMidRound(
          plan -> {
            if (plan.round() == 4) {
              String savepoint = cluster.stopWithSavepoint();
              cluster.submit(
                  federation.config("round.limit=" + RecordedUpdates.ROUNDS),
                  run.at(after).from(savepoint));
            }
          });
      participants.play(RecordedUpdates.ROUNDS, PATIENCE);
      cluster.cancel();
    }
    assertSameVersions();
  }

  @Test
  void lostTaskManagersInMidRoundLeaveNoTrace() throws Exception {
    begin();
    try (Participants participants = new Participants(federation, UPDATES, 7)) {
      cluster.submit(federation.config("round.limit=" + RecordedUpdates.ROUNDS), Run.PLAIN.at(2));
      participants.inMidRound(
          plan -> {
            if (plan.round() == 3 || plan.round() == 7) {
              cluster.replaceTaskManager();
            }
          });
      participants.play(RecordedUpdates.ROUNDS, PATIENCE);
      cluster.cancel();
    }
    assertSameVersions();
  }
}

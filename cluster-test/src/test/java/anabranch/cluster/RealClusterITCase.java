// SPDX-License-Identifier: Apache-2.0
package anabranch.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.job.testkit.Await;
import anabranch.protocol.message.Announcement;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One federation's life on a cluster of separate processes, in chapters: each leaves it running,
 * and after each all that was ever published is held against what the clients did.
 */
@TestMethodOrder(OrderAnnotation.class)
class RealClusterITCase {

  private static final Logger LOG = LoggerFactory.getLogger(RealClusterITCase.class);

  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final int SUBMISSIONS = 10;

  /**
   * The classes of a submission take 17 MB. The JDK holds on to those of some that are over (a
   * record's method handles keep the type that they were last used with), now of two, now of three,
   * but never of one more each time.
   */
  private static final long METASPACE_SLACK = 40_000_000;

  private static final long RESIDENT_SLACK = 60_000_000;

  @TempDir static Path directory;

  private static FlinkCluster cluster;
  private static CountedFederation federation;
  private static String job;

  @BeforeAll
  static void begin() throws Exception {
    federation = CountedFederation.begin(directory);
    cluster = FlinkCluster.start(directory.resolve("flink"));
  }

  @AfterAll
  static void end() throws Exception {
    if (cluster != null) {
      cluster.close();
    }
    if (federation != null) {
      federation.close();
    }
  }

  @AfterEach
  void everythingPublishedIsRight() {
    federation.audit();
  }

  @Test
  @Order(1)
  void jobIsSubmittedByTheCommandLine() throws Exception {
    job = cluster.run(List.of("-p", "2"), federation.arguments());

    Announcement newest = federation.awaitRounds(2);

    assertThat(newest.incarnation()).isEqualTo(1);
  }

  @Test
  @Order(2)
  void stoppedJobGoesOnFromItsSavepointAtAnotherParallelism() throws Exception {
    Announcement before = federation.head();
    String savepoint = cluster.rest().stopWithSavepoint(job);

    job = cluster.run(List.of("-p", "1", "-s", savepoint), federation.arguments());

    Announcement after = federation.awaitRounds(2);
    assertThat(after.incarnation()).isEqualTo(before.incarnation());
  }

  @Test
  @Order(3)
  void tenSubmissionsLeaveMetaspaceAndMemoryAsTheyWere() throws Exception {
    String jar = cluster.rest().upload(Repository.ROOT.resolve(Repository.JOB_JAR));
    List<List<Footprint>> footprints = new ArrayList<>();
    for (int i = 1; i <= SUBMISSIONS; i++) {
      cluster.rest().cancel(job);
      footprints.add(cluster.footprints());
      LOG.info("before submission {}: {}", i, footprints.get(i - 1));
      int incarnation = federation.head().incarnation() + 1;

      job = cluster.rest().run(jar, 2, federation.arguments());

      federation.await(
          "a round of incarnation " + incarnation,
          a -> a.incarnation() == incarnation && a.receipts() != null);
    }

    for (int taskManager = 0; taskManager < footprints.get(0).size(); taskManager++) {
      assertThat(growth(footprints, taskManager, Footprint::metaspace)).isLessThan(METASPACE_SLACK);
      assertThat(growth(footprints, taskManager, Footprint::resident)).isLessThan(RESIDENT_SLACK);
    }
  }

  /** How far the most of the second half lies above the most of the first. */
  private static long growth(
      List<List<Footprint>> footprints, int taskManager, ToLongFunction<Footprint> size) {
    long[] most = new long[2];
    for (int i = 0; i < SUBMISSIONS; i++) {
      int half = 2 * i / SUBMISSIONS;
      most[half] = Math.max(most[half], size.applyAsLong(footprints.get(i).get(taskManager)));
    }
    return most[1] - most[0];
  }

  @Test
  @Order(4)
  void roundGoesOnWhenATaskManagerIsKilled() throws Exception {
    Announcement before = inMidRound(cluster::killTaskManager);
    cluster.startTaskManager();
    federation.releaseRound();

    Announcement after = federation.awaitRounds(2);

    assertThat(after.incarnation()).isEqualTo(before.incarnation());
    assertThat(cluster.rest().attempts(job)).isGreaterThan(1);
    assertNoRoundWasLost(before, after);
  }

  @Test
  @Order(5)
  void roundGoesOnWhenTheBrokerIsKilled() throws Exception {
    Announcement before = inMidRound(federation::killBroker);
    federation.releaseRound();

    Announcement after = federation.awaitRounds(2);

    assertThat(after.incarnation()).isEqualTo(before.incarnation());
    assertNoRoundWasLost(before, after);
  }

  @Test
  @Order(6)
  void roundGoesOnWhenClientsAreKilled() throws Exception {
    Announcement before = inMidRound(federation::killClients);

    Announcement after = federation.awaitRounds(2);

    assertThat(after.incarnation()).isEqualTo(before.incarnation());
    assertNoRoundWasLost(before, after);
  }

  @Test
  @Order(7)
  void roundGoesOnFromACheckpointWhenTheJobManagerIsKilled() throws Exception {
    Announcement before = inMidRound(cluster::killJobManager);
    String checkpoint = cluster.newestCheckpoint(job);
    cluster.restartJobManager();
    federation.releaseRound();

    job = cluster.run(List.of("-p", "2", "-s", checkpoint), federation.arguments());

    Announcement after = federation.awaitRounds(2);
    assertThat(after.incarnation()).isEqualTo(before.incarnation());
    assertNoRoundWasLost(before, after);
  }

  @Test
  @Order(8)
  void jobWithoutStateGoesOnFromTheTopicWhenTheJobManagerIsKilled() throws Exception {
    Announcement before = inMidRound(cluster::killJobManager);
    cluster.restartJobManager();
    federation.releaseRound();

    job = cluster.run(List.of("-p", "2"), federation.arguments());

    Announcement after = federation.awaitRounds(2);
    assertThat(after.incarnation()).isEqualTo(before.incarnation() + 1);
    assertThat(after.modelVersion()).isGreaterThan(before.modelVersion());
  }

  /** Something that may fail. */
  private interface Event {
    void happens() throws Exception;
  }

  /**
   * Has something happen while three of the four updates of a round are in.
   *
   * @return the announcement of the round's plan
   */
  private static Announcement inMidRound(Event event) throws Exception {
    federation.holdRound();
    long[] round = {-1, -1};
    Await.until(
        () -> "three updates of a round are in",
        PATIENCE,
        () -> {
          Thread.sleep(1_000);
          round[0] = round[1];
          round[1] =
              cluster.rest().coordinator(job, "updatesComplete").equals(OptionalLong.of(3))
                  ? cluster.rest().coordinator(job, "round").orElse(-1)
                  : -1;
          return round[0] != -1 && round[0] == round[1];
        });
    Announcement open = federation.head();
    assertThat(open.plan().round()).isEqualTo(round[0]);
    LOG.info("in round {}", round[0]);
    event.happens();
    return open;
  }

  private static void assertNoRoundWasLost(Announcement before, Announcement after) {
    assertThat(after.plan().round() - before.plan().round())
        .isEqualTo(after.modelVersion() - before.modelVersion());
  }
}

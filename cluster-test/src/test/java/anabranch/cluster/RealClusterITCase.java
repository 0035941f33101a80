// SPDX-License-Identifier: Apache-2.0
package anabranch.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.jupiter.api.io.TempDir;

/**
 * One federation's life on a cluster of separate processes, in chapters: each leaves it running,
 * and after each all that was ever published is held against what the clients did. What happened
 * and what was measured is in {@code target/chronicle}.
 */
@TestMethodOrder(OrderAnnotation.class)
class RealClusterITCase {

  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final int SUBMISSIONS = 10;

  /**
   * The classes of a submission take 17 MB. The JDK holds on to those of some that are over (a
   * record's method handles keep the type that they were last used with), now of two, now of three,
   * but never of one more each time.
   */
  private static final long METASPACE_SLACK = 40_000_000;

  private static final long RESIDENT_SLACK = 60_000_000;

  /** One that each submission left behind would be five more in the second half. */
  private static final int THREADS_SLACK = SUBMISSIONS / 2;

  /** A chapter begins where the one before it has ended, so nothing follows one that failed. */
  @RegisterExtension
  static final TestExecutionExceptionHandler LAST_CHAPTER =
      (chapter, failure) -> {
        failed = chapter.getDisplayName();
        throw failure;
      };

  private static String failed;

  @TempDir static Path directory;

  private static Chronicle chronicle;
  private static FlinkCluster cluster;
  private static CountedFederation federation;
  private static String job;

  @BeforeAll
  static void begin() throws Exception {
    FlinkInstallation flink = FlinkInstallation.chosen();
    chronicle = Chronicle.begin("real-cluster-" + flink.name());
    cluster = FlinkCluster.start(directory.resolve("flink"), 1);
    federation = CountedFederation.begin(directory);
    cluster.awaitTaskManagers();
    chronicle.note(
        "Flink %s (%s) with one TaskManager, a broker and %d clients run"
            .formatted(
                System.getProperty("flink.version"), flink.name(), CountedFederation.CLIENTS));
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

  @BeforeEach
  void demandThatTheChapterBeforeHasEndedWell() {
    assumeTrue(failed == null, () -> failed + " has failed");
  }

  @AfterEach
  void everythingPublishedIsRight() throws Exception {
    chronicle.note("all %d rounds so far were published right".formatted(federation.audit()));
  }

  @Test
  @Order(1)
  void jobIsSubmittedByTheCommandLine() throws Exception {
    job = cluster.run(List.of("-p", "1"), federation.arguments());
    chronicle.note("flink run: parallelism 1");

    Announcement newest = federation.awaitRounds(2);

    assertThat(newest.incarnation()).isEqualTo(1);
  }

  /**
   * There is one TaskManager, which runs every part of every job: with more, the parts that exist
   * once would be loaded here and there, and what is new to a process is not what it has kept.
   */
  @Test
  @Order(2)
  void tenSubmissionsIntoOneTaskManagerLeaveItAsItWas() throws Exception {
    String jar = cluster.rest().upload(Repository.ROOT.resolve(Repository.JOB_JAR));
    cluster.rest().cancel(job);
    chronicle.note("job cancelled, jar uploaded, by REST: " + cluster.footprint());
    List<Footprint> footprints = new ArrayList<>();
    for (int i = 1; i <= SUBMISSIONS; i++) {
      submitByRest(jar);
      cluster.rest().cancel(job);
      footprints.add(cluster.footprint());
      chronicle.note(
          "submission %d by REST, cancelled after a round: %s".formatted(i, footprints.get(i - 1)));
    }
    submitByRest(jar);

    assertThat(growth(footprints, Footprint::metaspace)).isLessThan(METASPACE_SLACK);
    assertThat(growth(footprints, Footprint::resident)).isLessThan(RESIDENT_SLACK);
    assertThat(growth(footprints, Footprint::threads)).isLessThan(THREADS_SLACK);
  }

  /** Starts the job without state and waits for its first round. */
  private static void submitByRest(String jar) throws Exception {
    int incarnation = federation.head().incarnation() + 1;
    job = cluster.rest().run(jar, 1, federation.arguments());
    federation.await(
        "a round of incarnation " + incarnation,
        a -> a.incarnation() == incarnation && a.receipts() != null);
  }

  /** How far the most of the second half lies above the most of the first. */
  private static long growth(List<Footprint> footprints, ToLongFunction<Footprint> size) {
    long[] most = new long[2];
    for (int i = 0; i < SUBMISSIONS; i++) {
      int half = 2 * i / SUBMISSIONS;
      most[half] = Math.max(most[half], size.applyAsLong(footprints.get(i)));
    }
    return most[1] - most[0];
  }

  @Test
  @Order(3)
  void stoppedJobGoesOnFromItsSavepointAtAnotherParallelism() throws Exception {
    cluster.startTaskManager();
    cluster.awaitTaskManagers();
    Announcement before = federation.head();
    String savepoint = cluster.rest().stopWithSavepoint(job);
    chronicle.note("a second TaskManager; stopped with a savepoint, by REST");

    job = cluster.run(List.of("-p", "2", "-s", savepoint), federation.arguments());
    chronicle.note("flink run: from the savepoint, parallelism 2");

    Announcement after = federation.awaitRounds(2);
    assertThat(after.incarnation()).isEqualTo(before.incarnation());
  }

  @Test
  @Order(4)
  void roundGoesOnWhenATaskManagerIsKilled() throws Exception {
    Announcement before = inMidRound("kill -9 of a TaskManager", cluster::killTaskManager);
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
    Announcement before = inMidRound("kill -9 of the broker", federation::killBroker);
    federation.releaseRound();

    Announcement after = federation.awaitRounds(2);

    assertThat(after.incarnation()).isEqualTo(before.incarnation());
    assertNoRoundWasLost(before, after);
  }

  @Test
  @Order(6)
  void roundGoesOnWhenClientsAreKilled() throws Exception {
    Announcement before =
        inMidRound("kill -9 of both processes of clients", federation::killClients);

    Announcement after = federation.awaitRounds(2);

    assertThat(after.incarnation()).isEqualTo(before.incarnation());
    assertNoRoundWasLost(before, after);
  }

  @Test
  @Order(7)
  void roundGoesOnFromACheckpointAtAnotherParallelismWhenTheJobManagerIsKilled() throws Exception {
    Announcement before = inMidRound("kill -9 of the JobManager", cluster::killJobManager);
    String checkpoint = cluster.newestCheckpoint(job);
    restartJobManager();
    federation.releaseRound();

    job = cluster.run(List.of("-p", "1", "-s", checkpoint), federation.arguments());
    chronicle.note("flink run: from the newest checkpoint, parallelism 1");

    Announcement after = federation.awaitRounds(2);
    assertThat(after.incarnation()).isEqualTo(before.incarnation());
    assertNoRoundWasLost(before, after);
  }

  @Test
  @Order(8)
  void jobWithoutStateGoesOnFromTheTopicWhenTheJobManagerIsKilled() throws Exception {
    Announcement before = inMidRound("kill -9 of the JobManager", cluster::killJobManager);
    restartJobManager();
    federation.releaseRound();

    job = cluster.run(List.of("-p", "2"), federation.arguments());
    chronicle.note("flink run: without state, parallelism 2");

    Announcement after = federation.awaitRounds(2);
    assertThat(after.incarnation()).isEqualTo(before.incarnation() + 1);
    assertThat(after.modelVersion()).isGreaterThan(before.modelVersion());
  }

  private static void restartJobManager() throws Exception {
    cluster.restartJobManager();
    chronicle.note("the TaskManagers have found a new JobManager");
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
  private static Announcement inMidRound(String what, Event event) throws Exception {
    federation.holdRound();
    long[] round = {-1, -1};
    Await.until(
        () -> "three updates of a round are in",
        PATIENCE,
        () -> {
          Thread.sleep(FlinkCluster.METRICS_AGE.toMillis());
          round[0] = round[1];
          round[1] =
              cluster.rest().coordinator(job, "updatesComplete").equals(OptionalLong.of(3))
                  ? cluster.rest().coordinator(job, "round").orElse(-1)
                  : -1;
          return round[0] != -1 && round[0] == round[1];
        });
    Announcement open = federation.head();
    assertThat(open.plan().round()).isEqualTo(round[0]);
    event.happens();
    chronicle.note("%s, in round %d with 3 of 4 updates in".formatted(what, round[0]));
    return open;
  }

  private static void assertNoRoundWasLost(Announcement before, Announcement after) {
    assertThat(after.plan().round() - before.plan().round())
        .isEqualTo(after.modelVersion() - before.modelVersion());
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.job.testkit.Await;
import anabranch.kafka.broker.LocalBrokerProcess;
import anabranch.kafka.broker.LocalBrokerSettings;
import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.BlockVersion;
import anabranch.protocol.model.Digest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two runs of one federation with error feedback on both sides: one undisturbed, one in which
 * clients and the TaskManager are killed (SIGKILL) in mid-round. What was left out of updates and
 * of versions must be neither lost nor counted twice, so the models are the same to the last bit.
 */
class KilledEncodedRunITCase {

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  @TempDir Path directory;

  @Test
  void modelOfARunWithKillsIsThatOfTheUndisturbedOne() throws Exception {
    Chronicle chronicle =
        Chronicle.begin("killed-encoded-run-" + FlinkInstallation.chosen().name());
    try (LocalBrokerProcess broker =
            LocalBrokerProcess.start(LocalBrokerSettings.keptIn(directory.resolve("broker")));
        FlinkCluster cluster = FlinkCluster.start(directory.resolve("flink"), 1)) {
      cluster.awaitTaskManagers();
      Announcement calm;
      try (EncodedFederation federation =
          EncodedFederation.begin("calm", directory, broker.bootstrapServers())) {
        String job = cluster.run(List.of("-p", "1"), federation.arguments());
        calm = federation.awaitEnd();
        assertThat(federation.residuals(0)).isNotEmpty();
        cluster.rest().cancel(job);
      }
      chronicle.note("undisturbed: " + digests(calm));
      try (EncodedFederation federation =
          EncodedFederation.begin("killed", directory, broker.bootstrapServers())) {
        String job = cluster.run(List.of("-p", "1"), federation.arguments());
        kill(cluster, job, federation, chronicle);
        Announcement killed = federation.awaitEnd();
        chronicle.note("with kills: " + digests(killed));

        assertThat(cluster.rest().attempts(job)).isGreaterThan(1);
        assertThat(killed.modelVersion()).isEqualTo(EncodedFederation.ROUNDS);
        assertThat(killed.incarnation()).isEqualTo(calm.incarnation());
        assertThat(digests(killed)).isEqualTo(digests(calm));
      }
    }
  }

  private static void kill(
      FlinkCluster cluster, String job, EncodedFederation federation, Chronicle chronicle)
      throws Exception {
    federation.awaitRounds(3);
    long round = holdRound(cluster, job, federation);
    federation.killClient(0);
    cluster.killTaskManager();
    cluster.startTaskManager();
    federation.startClient(0);
    federation.releaseClient(1);
    chronicle.note("kill -9 of the client that had answered and of the TaskManager in " + round);

    federation.awaitRounds(6);
    round = holdRound(cluster, job, federation);
    federation.killClient(1);
    federation.killClient(0);
    federation.startClient(1);
    federation.startClient(0);
    federation.releaseClient(1);
    chronicle.note(
        "kill -9 of the client that had answered and of the one that trained in " + round);

    federation.awaitRounds(9);
    federation.killClient(0);
    federation.killClient(1);
    cluster.killTaskManager();
    cluster.startTaskManager();
    federation.startClient(0);
    federation.startClient(1);
    chronicle.note("kill -9 of both clients and the TaskManager at once");
  }

  /**
   * Waits until client 0 has sent its update of a round and client 1 trains for it. Client 0 then
   * has two residuals of each block, the one that holds and the one that will if the update is
   * folded; client 1 has the one that holds.
   */
  private static long holdRound(FlinkCluster cluster, String job, EncodedFederation federation)
      throws Exception {
    federation.holdClient(1);
    long[] round = {-1, -1};
    Await.until(
        () -> "one update of a round is in",
        PATIENCE,
        () -> {
          Thread.sleep(FlinkCluster.METRICS_AGE.toMillis());
          round[0] = round[1];
          round[1] =
              cluster.rest().coordinator(job, "updatesComplete").equals(OptionalLong.of(1))
                  ? cluster.rest().coordinator(job, "round").orElse(-1)
                  : -1;
          return round[0] != -1
              && round[0] == round[1]
              && federation.residuals(0).size() == 4
              && federation.residuals(1).size() == 2;
        });
    return round[0];
  }

  private static List<Digest> digests(Announcement announcement) {
    return announcement.blocks().stream().map(BlockVersion::digest).toList();
  }
}

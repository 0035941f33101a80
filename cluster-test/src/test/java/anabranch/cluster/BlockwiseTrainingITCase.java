// SPDX-License-Identifier: Apache-2.0
package anabranch.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.client.data.DatasetCatalog;
import anabranch.client.fleet.Fleet;
import anabranch.client.fleet.FleetClient;
import anabranch.client.fleet.FleetData;
import anabranch.client.fleet.FleetSettings;
import anabranch.client.model.Architecture;
import anabranch.client.model.ModelDefinition;
import anabranch.client.round.ParticipantListener;
import anabranch.client.topic.GlobalModel;
import anabranch.client.topic.GlobalModelReader;
import anabranch.client.topic.KafkaConnection;
import anabranch.client.topic.ModelInitializer;
import anabranch.client.topic.RoundReportReader;
import anabranch.client.train.torch.TorchTrainer;
import anabranch.job.config.FederationConfig;
import anabranch.job.config.FederationConfigLoader;
import anabranch.job.testkit.JobCluster;
import anabranch.job.testkit.JobCluster.Run;
import anabranch.kafka.broker.LocalBroker;
import anabranch.kafka.topics.TopicParameters;
import anabranch.kafka.topics.TopicSetup;
import anabranch.kafka.topics.TopicTable;
import anabranch.protocol.message.BlockVersion;
import anabranch.protocol.message.RoundOutcome;
import anabranch.protocol.message.RoundReport;
import anabranch.protocol.model.Stage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients that train a residual network stage by stage, with a curriculum that follows what they
 * measure, and a job that ends in the middle of a cycle: with a savepoint, then without one.
 */
class BlockwiseTrainingITCase {

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int STAGES = 3;
  private static final int ROUNDS = 10;
  private static final double STEP = 0.25;
  private static final ModelDefinition MODEL =
      Architecture.RESNET.define(
          Map.of("layers", "1,1,1", "widths", "4,4,8", "cuts", "1,2", "projection", "8"));

  @TempDir private Path directory;

  @Test
  void cycleGoesOnWhereItWasAfterARestart() throws Exception {
    try (LocalBroker broker = LocalBroker.start();
        JobCluster cluster = JobCluster.start(directory)) {
      FederationConfig config = begin(broker);
      KafkaConnection connection = new KafkaConnection(broker.bootstrapServers());
      // 120 images each.
      FleetData data = new FleetData(DatasetCatalog.FASHION_MNIST, null, "iid", 100, 1, 0);
      try (Fleet fleet =
              Fleet.start(
                  FleetSettings.of(config.topics(), connection),
                  FleetClient.sharing(new TorchTrainer(), data.shares().subList(0, 2)),
                  client -> new ParticipantListener() {});
          GlobalModelReader reader = GlobalModelReader.ofAllBlocks(connection, config.topics())) {
        assertThat(fleet.size()).isEqualTo(2);
        cluster.submit(config, Run.PLAIN);
        await(reader, 2);
        String savepoint = cluster.stopWithSavepoint();
        cluster.submit(config, Run.PLAIN.at(2).from(savepoint));
        await(reader, 8);
        cluster.cancel();
        cluster.submit(config, Run.PLAIN);
        GlobalModel last = await(reader, ROUNDS);
        cluster.cancel();

        List<RoundReport> completed = completed(connection, config);
        assertThat(completed)
            .extracting(RoundReport::stage)
            .containsExactly(1, 2, 3, 1, 2, 3, 1, 2, 3, 1);
        assertThat(completed)
            .allSatisfy(
                report -> {
                  assertThat(report.contributions()).hasSize(2);
                  assertThat(report.metrics().get("nhsicX")).isBetween(0.0, 1.0);
                  assertThat(report.metrics().get("nhsicY")).isBetween(0.0, 1.0);
                  assertThat(report.metrics().get("nhsicBatch")).isEqualTo(16);
                });
        assertTrainedAsOftenAsItsStages(last);
        assertThat(completed.get(0).lambda()).isEqualTo(1);
        assertThat(completed.get(3).lambda())
            .as("one round of the stage tells nothing yet")
            .isEqualTo(1);
        assertThat(completed.get(6).lambda())
            .as("two rounds of the stage, a savepoint between them, moved its weight by a step")
            .isEqualTo(1 - 0.9 * STEP);
        assertThat(completed.get(9).lambda()).as("a job without state measures anew").isEqualTo(1);
      }
    }
  }

  /**
   * Versions rise by one with every round, but where a job that began without state leaves one out.
   */
  private static void assertTrainedAsOftenAsItsStages(GlobalModel last) {
    for (BlockVersion block : last.announcement().blocks()) {
      long trained = 0;
      for (int round = 0; round < ROUNDS; round++) {
        Stage stage = MODEL.stages().get(round % STAGES);
        trained += stage.trainBlocks().contains(block.block()) ? 1 : 0;
      }
      assertThat(block.version())
          .as(MODEL.blocks().get(block.block()).name())
          .isBetween(trained, trained + 1);
    }
  }

  private static List<RoundReport> completed(KafkaConnection connection, FederationConfig config) {
    List<RoundReport> completed = new ArrayList<>();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try (RoundReportReader reports = new RoundReportReader(connection, config.topics())) {
      while (completed.size() < ROUNDS && System.nanoTime() < deadline) {
        reports.poll(Duration.ofMillis(100)).stream()
            .filter(report -> report.outcome() == RoundOutcome.COMPLETED)
            .forEach(completed::add);
      }
    }
    return completed;
  }

  /** Waits for a version and reads it whole; a transaction becomes visible bit by bit. */
  private static GlobalModel await(GlobalModelReader reader, long version) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      Optional<GlobalModel> read = reader.version(version, Duration.ofMillis(100));
      if (read.isPresent()) {
        return read.get();
      }
    }
    throw new AssertionError("no version %d within %s".formatted(version, PATIENCE));
  }

  private static FederationConfig begin(LocalBroker broker) throws Exception {
    FederationConfig config =
        FederationConfigLoader.load(
            null,
            List.of(
                "federation=blockwise",
                "kafka.bootstrap-servers=" + broker.bootstrapServers(),
                "checkpoint.interval=200ms",
                "round.limit=" + ROUNDS,
                "round.deadline=10min",
                "cohort.size=2",
                "training.epochs=1",
                "training.batch-size=16",
                "schedule.blocks=round-robin",
                "curriculum.kind=adaptive",
                // No rise is enough, so it moves with every value that has one before it.
                "curriculum.adaptive.tolerance=1",
                "curriculum.adaptive.step=" + STEP,
                "curriculum.lambda.from=1",
                "curriculum.lambda.to=0.1",
                "curriculum.gamma.from=0.1",
                "curriculum.gamma.to=1"));
    try (TopicSetup setup = TopicSetup.connect(broker.bootstrapServers())) {
      setup.create(TopicTable.of(config.topics(), TopicParameters.singleBroker()));
    }
    new ModelInitializer(new KafkaConnection(broker.bootstrapServers()), config.topics())
        .publish(MODEL.manifest(config.modelRing()), MODEL.initialWeights(1));
    return config;
  }
}

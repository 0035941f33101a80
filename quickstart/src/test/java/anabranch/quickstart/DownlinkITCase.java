// SPDX-License-Identifier: Apache-2.0
package anabranch.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.client.data.Dataset;
import anabranch.client.data.LocalData;
import anabranch.client.link.Bandwidth;
import anabranch.client.link.Link;
import anabranch.client.model.Architecture;
import anabranch.client.model.ModelDefinition;
import anabranch.client.round.Participant;
import anabranch.client.round.ParticipantListener;
import anabranch.client.round.ParticipantSettings;
import anabranch.client.topic.GlobalModel;
import anabranch.client.topic.GlobalModelReader;
import anabranch.client.topic.KafkaConnection;
import anabranch.client.topic.ModelCopy;
import anabranch.client.topic.ModelInitializer;
import anabranch.client.train.LocalTrainer;
import anabranch.client.train.TrainingResult;
import anabranch.job.config.FederationConfig;
import anabranch.job.config.FederationConfigLoader;
import anabranch.kafka.broker.LocalBroker;
import anabranch.kafka.topics.TopicParameters;
import anabranch.kafka.topics.TopicSetup;
import anabranch.kafka.topics.TopicTable;
import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.BlockVersion;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients of a federation whose versions travel as changes, and a job that is started anew. */
class DownlinkITCase {

  private static final int ROUNDS = 12;
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final ModelDefinition MODEL = Architecture.MLP.define(Map.of("hidden", "256"));
  private static final List<Integer> BLOCKS =
      IntStream.range(0, MODEL.blocks().size()).boxed().toList();

  @TempDir Path directory;

  @Test
  void whoCameLateAndWhoMissedRoundsHoldTheSameBitsAcrossAStartWithoutState() throws Exception {
    try (LocalBroker broker = LocalBroker.start()) {
      FederationConfig config = begin(broker);
      KafkaConnection connection = new KafkaConnection(broker.bootstrapServers());
      Link line = new Link(Bandwidth.UNLIMITED);
      try (Participant anna = participant(config, connection, "anna", 1);
          Participant bert = participant(config, connection, "bert", 2);
          GlobalModelReader steady = GlobalModelReader.ofAllBlocks(connection, config.topics());
          ModelCopy absent = new ModelCopy(connection, config.topics(), line)) {
        anna.start();
        bert.start();
        long missedFrom;
        try (LocalCluster cluster = start(config, "first")) {
          GlobalModel seen = await(steady, 3);
          assertThat(seen.announcement().blocks()).noneMatch(BlockVersion::isWhole);
          absent.bringUpToDate(seen.announcement(), BLOCKS);
          missedFrom = line.bytes();
          await(steady, 6);
          assertThat(cluster.failure()).isNull();
        }
        try (LocalCluster cluster = start(config, "second")) {
          GlobalModel last = await(steady, ROUNDS);
          assertThat(cluster.failure()).isNull();
          assertThat(last.announcement().incarnation()).isEqualTo(2);
          assertThat(last.announcement().blocks()).allMatch(BlockVersion::isWhole);

          Map<Integer, float[]> replayed = absent.bringUpToDate(last.announcement(), BLOCKS);
          assertSame(last.weights(), replayed);
          assertThat(line.bytes() - missedFrom)
              .as("the changes of nine rounds against one whole version")
              .isLessThan(MODEL.size() * (long) Float.BYTES);
          try (GlobalModelReader late =
              GlobalModelReader.ofAllBlocks(connection, config.topics())) {
            assertSame(last.weights(), late.newest(PATIENCE).orElseThrow().weights());
          }
        }
      }
    }
  }

  /** Follows every version up to one; each is accepted by its digest alone. */
  private static GlobalModel await(GlobalModelReader reader, long version) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      GlobalModel newest = reader.newest(Duration.ofMillis(50)).orElseThrow();
      boolean finished = newest.announcement().state() == Announcement.State.FINISHED;
      if (newest.version() >= version && (version < ROUNDS || finished)) {
        return newest;
      }
    }
    throw new AssertionError("no version %d within %s".formatted(version, PATIENCE));
  }

  private static void assertSame(Map<Integer, float[]> expected, Map<Integer, float[]> found) {
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    expected.forEach((block, vector) -> assertThat(found.get(block)).isEqualTo(vector));
  }

  private LocalCluster start(FederationConfig config, String name) throws Exception {
    return LocalCluster.start(
        config, freePort(), 1, Files.createDirectories(directory.resolve(name)));
  }

  private static FederationConfig begin(LocalBroker broker) throws Exception {
    FederationConfig config =
        FederationConfigLoader.load(
            null,
            List.of(
                "federation=changes",
                "kafka.bootstrap-servers=" + broker.bootstrapServers(),
                "checkpoint.interval=200ms",
                "round.limit=" + ROUNDS,
                "round.deadline=10min",
                "cohort.size=2",
                "downlink.preset=stc(0.01)",
                "downlink.snapshot-every=5"));
    try (TopicSetup setup = TopicSetup.connect(broker.bootstrapServers())) {
      setup.create(TopicTable.of(config.topics(), TopicParameters.singleBroker()));
    }
    new ModelInitializer(new KafkaConnection(broker.bootstrapServers()), config.topics())
        .publish(MODEL.manifest(config.modelRing()), MODEL.initialWeights(1));
    return config;
  }

  /** Its training is noise around a direction of its own. */
  private static Participant participant(
      FederationConfig config, KafkaConnection connection, String id, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    LocalTrainer trainer =
        (task, data) -> {
          Map<Integer, float[]> blocks = new HashMap<>();
          for (int block : task.trainBlocks()) {
            float[] vector = task.weights().get(block).clone();
            for (int i = 0; i < vector.length; i++) {
              vector[i] += (float) (random.nextDouble() - 0.4) * 0.01f;
            }
            blocks.put(block, vector);
          }
          return new TrainingResult(blocks, 10, Map.of());
        };
    return new Participant(
        ParticipantSettings.of(config.topics(), connection, id),
        LocalData.withoutHeldOut(new TenSamples()),
        trainer,
        new ParticipantListener() {});
  }

  /** What a client declares; the trainer does not look at it. */
  private static final class TenSamples implements Dataset {
    @Override
    public int size() {
      return 10;
    }

    @Override
    public List<Integer> shape() {
      return List.of(1);
    }

    @Override
    public int classes() {
      return 2;
    }

    @Override
    public int label(int sample) {
      return sample % 2;
    }

    @Override
    public void copyFeatures(int sample, float[] target, int offset) {
      target[offset] = sample;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}

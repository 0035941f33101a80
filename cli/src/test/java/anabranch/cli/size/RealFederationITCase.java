// SPDX-License-Identifier: Apache-2.0
package anabranch.cli.size;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import anabranch.bench.testbed.BenchFederation;
import anabranch.bench.testbed.SyntheticModel;
import anabranch.client.link.StoredRecord;
import anabranch.client.topic.AnnouncementReader;
import anabranch.client.topic.KafkaConnection;
import anabranch.client.topic.ModelInitializer;
import anabranch.job.Main;
import anabranch.job.config.FederationConfig;
import anabranch.job.config.FederationConfigLoader;
import anabranch.kafka.broker.LocalBroker;
import anabranch.kafka.topics.TopicParameters;
import anabranch.kafka.topics.TopicSetup;
import anabranch.kafka.topics.TopicTable;
import anabranch.protocol.Topics;
import anabranch.protocol.avro.UpdateParts;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.ClientUpdate;
import anabranch.protocol.message.Plan;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.jobgraph.DistributionPattern;
import org.apache.flink.runtime.jobgraph.JobEdge;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is foretold, beside what a real broker stores and a real job's checkpoints take. */
@Timeout(240)
class RealFederationITCase {

  private static final int CLIENTS = 6;
  private static final int COHORT = 4;
  private static final int PARALLELISM = 2;
  private static final int DELTAS_PARTITIONS = 2;
  private static final int WINDOW = 4;
  private static final SyntheticModel MODEL = new SyntheticModel(1_000_000);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long POLL_MILLIS = 50;

  @TempDir Path folder;

  private LocalBroker broker;
  private FederationConfig config;
  private BenchFederation federation;
  private StreamExecutionEnvironment env;

  @BeforeEach
  void startBroker() {
    broker = LocalBroker.start();
  }

  private void define(String... more) throws Exception {
    List<String> all =
        new ArrayList<>(
            List.of(
                "federation=sized",
                "kafka.bootstrap-servers=" + broker.bootstrapServers(),
                "kafka.partitions.deltas=" + DELTAS_PARTITIONS,
                "cohort.size=" + COHORT,
                "cohort.min-available=" + CLIENTS,
                "round.deadline=10min",
                "hold.budget=64mb",
                "checkpoint.interval=200ms"));
    all.addAll(List.of(more));
    config = FederationConfigLoader.load(null, all);
    try (TopicSetup setup = TopicSetup.connect(broker.bootstrapServers())) {
      setup.create(
          TopicTable.of(
              config.topics(),
              TopicParameters.singleBroker()
                  .withPartitions(
                      1,
                      BenchFederation.PARTITIONS,
                      BenchFederation.PARTITIONS,
                      DELTAS_PARTITIONS)));
    }
    KafkaConnection connection = new KafkaConnection(broker.bootstrapServers());
    new ModelInitializer(connection, config.topics())
        .publish(MODEL.manifest(), MODEL.initialWeights());
    federation = new BenchFederation(connection, config, MODEL);
    Configuration settings = new Configuration();
    settings.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, folder.toUri().toString());
    env = StreamExecutionEnvironment.createLocalEnvironment(PARALLELISM, settings);
    Main.define(env, config, false);
  }

  @AfterEach
  void stopBroker() {
    broker.close();
  }

  @Test
  void bytesOfARoundAndOfCheckpointsAreAsForetold() throws Exception {
    define();
    Workload workload = workload(Long.MAX_VALUE);
    RoundTraffic traffic = new RoundTraffic(workload);
    CheckpointSize checkpoint = new CheckpointSize(workload, traffic);
    List<SegmentUpdate> update = MODEL.update(config.encoding());
    JobClient job = env.executeAsync("sized");
    try (AnnouncementReader plans =
            new AnnouncementReader(federation.connection(), config.topics());
        KafkaProducer<byte[], byte[]> producer = federation.connection().openProducer()) {
      federation.checkIn(CLIENTS);
      Plan plan = awaitPlan(plans, 1);
      send(producer, plan, plan.cohort(), update);
      plan = awaitPlan(plans, 2);
      Map<String, Long> before = logBytes();
      send(producer, plan, plan.cohort(), update);
      plan = awaitPlan(plans, 3);
      Map<String, Long> after = logBytes();

      Topics topics = config.topics();
      assertThat(after.get(topics.updates()) - before.get(topics.updates()))
          .isCloseTo(traffic.up(), withPercentage(0.1));
      assertThat(after.get(topics.model()) - before.get(topics.model()))
          .isCloseTo(traffic.version(), withPercentage(0.1));
      assertThat(after.get(topics.plans()) - before.get(topics.plans()))
          .isCloseTo(traffic.announcement() + StoredRecord.MARKER, withPercentage(5));
      assertThat(after.get(topics.rounds()) - before.get(topics.rounds()))
          .isCloseTo(traffic.report() + StoredRecord.MARKER, withPercentage(5));
      assertThat(after.get(topics.clients()))
          .isLessThanOrEqualTo(CLIENTS * traffic.checkIn())
          .isCloseTo(CLIENTS * traffic.checkIn(), withPercentage(75));

      assertThat(steadyCheckpointBytes(bytes -> true))
          .isCloseTo(checkpoint.idle(), withPercentage(2));
      List<String> answering = plan.cohort().subList(1, COHORT);
      long held = sendAllButLast(producer, plan, answering, update);
      assertThat(steadyCheckpointBytes(bytes -> bytes > held))
          .isCloseTo(checkpoint.idle() + held, withPercentage(2));
      long belowHeld = checkpoint.idle() + held / 10 * 9;
      send(producer, plan, answering, update);
      assertThat(steadyCheckpointBytes(bytes -> bytes > 2 * checkpoint.idle() && bytes < belowHeld))
          .isCloseTo(checkpoint.midRound(), withPercentage(2));
    } finally {
      job.cancel().get();
    }
  }

  @Test
  void bytesOfChangesAndOfWhatIsKeptBesideTheModelAreAsForetold() throws Exception {
    define(
        "downlink.preset=top-k(0.1)",
        "schedule.blocks=freeze",
        "schedule.freeze.window=" + WINDOW,
        "schedule.freeze.evaluations=" + 2 * WINDOW);
    Workload workload = workload(Long.MAX_VALUE);
    RoundTraffic traffic = new RoundTraffic(workload);
    CheckpointSize checkpoint = new CheckpointSize(workload, traffic);
    List<SegmentUpdate> update = MODEL.update(config.encoding());
    Topics topics = config.topics();
    JobClient job = env.executeAsync("sized");
    try (AnnouncementReader plans = new AnnouncementReader(federation.connection(), topics);
        KafkaProducer<byte[], byte[]> producer = federation.connection().openProducer()) {
      federation.checkIn(CLIENTS);
      Map<String, Long> before = Map.of();
      for (int round = 1; round <= WINDOW; round++) {
        Plan plan = awaitPlan(plans, round);
        before = logBytes();
        send(producer, plan, plan.cohort(), update);
      }
      awaitPlan(plans, WINDOW + 1);
      Map<String, Long> after = logBytes();

      assertThat(after.get(topics.deltas()) - before.get(topics.deltas()))
          .isCloseTo(
              traffic.changes() + DELTAS_PARTITIONS * StoredRecord.MARKER, withPercentage(1));
      assertThat(after.get(topics.model())).isEqualTo(before.get(topics.model()));
      assertThat(after.get(topics.plans()) - before.get(topics.plans()))
          .isCloseTo(traffic.announcement() + StoredRecord.MARKER, withPercentage(5));
      assertThat(after.get(topics.rounds()) - before.get(topics.rounds()))
          .isCloseTo(traffic.report() + StoredRecord.MARKER, withPercentage(5));

      assertThat(checkpoint.residual()).isBetween(4_000_000L, 4_001_000L);
      assertThat(checkpoint.movement()).isBetween(200_000L, 201_000L);
      assertThat(steadyCheckpointBytes(bytes -> true))
          .isCloseTo(checkpoint.idle(), withPercentage(1));
    } finally {
      job.cancel().get();
    }
  }

  @Test
  void channelsAreThoseOfTheJobGraph() throws Exception {
    define();
    long second = Duration.ofMinutes(1).toSeconds();
    long everything = new RoundTraffic(workload(Long.MAX_VALUE)).up();
    Workload twoSlots = workload(everything / second * 3 / 4);
    MemoryNeed memory = new MemoryNeed(twoSlots, new RoundTraffic(twoSlots));
    assertThat(memory.slots()).isEqualTo(PARALLELISM);
    JobGraph graph = env.getStreamGraph(false).getJobGraph();
    long channels = 0;
    long gates = 0;
    long partitions = 0;
    for (JobVertex vertex : graph.getVertices()) {
      partitions += (long) vertex.getParallelism() * vertex.getProducedDataSets().size();
      for (JobEdge edge : vertex.getInputs()) {
        int from = edge.getSource().getProducer().getParallelism();
        gates += vertex.getParallelism();
        channels +=
            edge.getDistributionPattern() == DistributionPattern.ALL_TO_ALL
                ? (long) from * vertex.getParallelism()
                : Math.max(from, vertex.getParallelism());
      }
    }

    assertThat(memory.channels()).isEqualTo(channels);
    assertThat(memory.gatesAndPartitions()).isEqualTo(gates + partitions);
  }

  private Workload workload(long slotBytesPerSecond) {
    return new Workload(
        MODEL.manifest(),
        config,
        CLIENTS,
        BenchFederation.clientId(0).length(),
        Duration.ofMinutes(1),
        slotBytesPerSecond);
  }

  private void send(
      KafkaProducer<byte[], byte[]> producer,
      Plan plan,
      List<String> senders,
      List<SegmentUpdate> segments) {
    for (int client : numbers(senders)) {
      for (ClientUpdate part : parts(plan, client, segments)) {
        producer.send(federation.record(client, part));
      }
    }
    producer.flush();
  }

  /** Updates that all wait for their last record. Returns their payload bytes. */
  private long sendAllButLast(
      KafkaProducer<byte[], byte[]> producer,
      Plan plan,
      List<String> senders,
      List<SegmentUpdate> segments) {
    long bytes = 0;
    for (int client : numbers(senders)) {
      List<ClientUpdate> parts = parts(plan, client, segments);
      for (ClientUpdate part : parts.subList(0, parts.size() - 1)) {
        producer.send(federation.record(client, part));
        bytes += part.segments().stream().mapToLong(s -> s.values().length()).sum();
      }
    }
    producer.flush();
    return bytes;
  }

  private static int[] numbers(List<String> senders) {
    return IntStream.range(0, CLIENTS)
        .filter(client -> senders.contains(BenchFederation.clientId(client)))
        .toArray();
  }

  private static List<ClientUpdate> parts(Plan plan, int client, List<SegmentUpdate> segments) {
    return UpdateParts.split(measured(BenchFederation.answer(plan, client, segments)));
  }

  /** With what the shipped client measures. */
  private static ClientUpdate measured(ClientUpdate update) {
    return new ClientUpdate(
        update.clientId(),
        update.session(),
        update.planId(),
        update.round(),
        update.part(),
        update.parts(),
        update.samples(),
        SampleRecords.METRICS,
        update.segments(),
        null,
        null);
  }

  private static Plan awaitPlan(AnnouncementReader plans, long round) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      for (Announcement announcement : plans.poll(Duration.ofMillis(POLL_MILLIS))) {
        if (announcement.plan() != null && announcement.plan().round() == round) {
          return announcement.plan();
        }
      }
    }
    throw new AssertionError("no plan of round " + round);
  }

  /** Bytes in the log of each topic. */
  private Map<String, Long> logBytes() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      int node = admin.describeCluster().nodes().get().iterator().next().id();
      Map<String, Long> bytes = new HashMap<>();
      admin
          .describeLogDirs(List.of(node))
          .allDescriptions()
          .get()
          .get(node)
          .values()
          .forEach(
              directory ->
                  directory
                      .replicaInfos()
                      .forEach(
                          (partition, info) ->
                              bytes.merge(partition.topic(), info.size(), Long::sum)));
      return bytes;
    }
  }

  /** Size of the newest checkpoint, when it is that of the one before and as wanted. */
  private long steadyCheckpointBytes(LongPredicate wanted) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    Path previous = null;
    long previousBytes = -1;
    while (System.nanoTime() < deadline) {
      Optional<Path> newest = newestCheckpoint();
      if (newest.isPresent() && !newest.get().equals(previous)) {
        long bytes = bytesIn(newest.get());
        if (wanted.test(bytes) && Math.abs(bytes - previousBytes) < bytes / 1_000) {
          return bytes;
        }
        previous = newest.get();
        previousBytes = bytes;
      }
      Thread.sleep(POLL_MILLIS);
    }
    throw new AssertionError("checkpoints never settle, the last has " + previousBytes + " bytes");
  }

  /** The job replaces checkpoints meanwhile: what vanishes is skipped. */
  private Optional<Path> newestCheckpoint() {
    return files(folder)
        .flatMap(RealFederationITCase::files)
        .filter(path -> path.getFileName().toString().startsWith("chk-"))
        .filter(path -> Files.exists(path.resolve("_metadata")))
        .max(Comparator.comparingLong(RealFederationITCase::number));
  }

  private static Stream<Path> files(Path directory) {
    File[] files = directory.toFile().listFiles();
    return files == null ? Stream.empty() : Stream.of(files).map(File::toPath);
  }

  private static long number(Path checkpoint) {
    return Long.parseLong(checkpoint.getFileName().toString().substring("chk-".length()));
  }

  private static long bytesIn(Path checkpoint) {
    return files(checkpoint).mapToLong(file -> file.toFile().length()).sum();
  }
}

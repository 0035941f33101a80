// SPDX-License-Identifier: Apache-2.0
package anabranch.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.client.data.DatasetCatalog;
import anabranch.client.data.LocalData;
import anabranch.client.fleet.Fleet;
import anabranch.client.fleet.FleetData;
import anabranch.client.fleet.FleetSettings;
import anabranch.client.link.Bandwidth;
import anabranch.client.model.Architecture;
import anabranch.client.model.ModelDefinition;
import anabranch.client.round.Participant;
import anabranch.client.round.ParticipantListener;
import anabranch.client.round.ParticipantSettings;
import anabranch.client.topic.GlobalModel;
import anabranch.client.topic.GlobalModelReader;
import anabranch.client.topic.KafkaConnection;
import anabranch.client.topic.ModelInitializer;
import anabranch.client.topic.RoundReportReader;
import anabranch.client.train.LocalTrainer;
import anabranch.client.train.TrainingResult;
import anabranch.job.config.FederationConfig;
import anabranch.job.config.FederationConfigLoader;
import anabranch.kafka.broker.LocalBroker;
import anabranch.kafka.topics.TopicParameters;
import anabranch.kafka.topics.TopicSetup;
import anabranch.kafka.topics.TopicTable;
import anabranch.protocol.message.Contribution;
import anabranch.protocol.message.Ledger;
import anabranch.protocol.message.Plan;
import anabranch.protocol.message.RoundOutcome;
import anabranch.protocol.message.RoundReport;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client that is killed (SIGKILL) between its first record and its receipt, and started again, in
 * every round. A second client answers only when the first has come back, so no round closes while
 * it is away.
 */
class KilledClientITCase {

  private static final Logger LOG = LoggerFactory.getLogger(KilledClientITCase.class);

  private static final int KILLS = 20;
  private static final int IMAGES = 200;
  private static final int HEAP_MEGABYTES = 192;

  /** Memory that the one member declares. */
  private static final List<Long> NOT_SAID = List.of(0L);

  private static final String KILLED = FleetSettings.clientId(0);
  private static final String OTHER = "other";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Its update has several parts, each with some time between it and the next. */
  private static final ModelDefinition MODEL = Architecture.MLP.define(Map.of("hidden", "512"));

  private static final Bandwidth UPLINK = Bandwidth.parse("40mbit");

  @TempDir Path directory;

  /** The plans as the other client was drawn, by round. */
  private final Map<Long, Plan> plans = new ConcurrentHashMap<>();

  private final Semaphore otherMayAnswer = new Semaphore(0);

  @Test
  void clientIsCountedOnceHoweverOftenItIsKilled() throws Exception {
    writeImages();
    try (LocalBroker broker = LocalBroker.start()) {
      FederationConfig config = begin(broker);
      KafkaConnection connection = new KafkaConnection(broker.bootstrapServers());
      try (LocalCluster cluster =
              LocalCluster.start(config, freePort(), 1, directory.resolve("cluster"));
          SeenUpdates seen = new SeenUpdates(broker.bootstrapServers(), config.topics());
          Participant other = other(config, connection)) {
        other.start();
        FleetSettings settings =
            FleetSettings.of(config.topics(), connection)
                .withLine(UPLINK, Bandwidth.UNLIMITED)
                .withStates(directory.resolve("states"));
        killInEveryRound(settings, seen);
        assertThat(cluster.failure()).isNull();
        assertCountedOnce(config, connection, seen);
      }
    }
  }

  private void killInEveryRound(FleetSettings settings, SeenUpdates seen) throws Exception {
    FleetData data =
        new FleetData(DatasetCatalog.FASHION_MNIST, directory.resolve("images"), "iid", 1, 1, 0);
    ClientEvents events = new ClientEvents();
    Fleet fleet = Fleet.startProcesses(settings, data, NOT_SAID, HEAP_MEGABYTES, client -> events);
    try {
      for (int round = 1; round <= KILLS; round++) {
        awaitMomentToKill(round, seen, events);
        killOnlyChild();
        fleet.close();
        events.forget();
        fleet = Fleet.startProcesses(settings, data, NOT_SAID, HEAP_MEGABYTES, client -> events);
        events.await("checked in");
        otherMayAnswer.release();
        events.await("receipt %d FOLDED".formatted(round));
      }
    } finally {
      fleet.close();
    }
  }

  /** With the first part, in the middle, with the last part, and when all are acknowledged. */
  private static void awaitMomentToKill(int round, SeenUpdates seen, ClientEvents events)
      throws Exception {
    switch (round % 4) {
      case 0 -> seen.readUntil("first part", () -> seen.parts(KILLED, round) > 0);
      case 1 -> seen.readUntil("second part", () -> seen.parts(KILLED, round) > 1);
      case 2 -> seen.readUntil("all parts", () -> seen.isWhole(KILLED, round));
      default -> events.await("sent %d".formatted(round));
    }
  }

  private static void killOnlyChild() throws Exception {
    List<ProcessHandle> children = ProcessHandle.current().children().toList();
    assertThat(children).hasSize(1);
    children.get(0).destroyForcibly();
    children.get(0).onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private void assertCountedOnce(
      FederationConfig config, KafkaConnection connection, SeenUpdates seen) throws Exception {
    List<RoundReport> reports = reports(config, connection);
    MeanOfSent expected =
        new MeanOfSent(MODEL.manifest(config.modelRing()), MODEL.initialWeights(1));
    for (RoundReport report : reports) {
      assertThat(report.outcome()).isEqualTo(RoundOutcome.COMPLETED);
      assertThat(report.contributions())
          .extracting(Contribution::clientId)
          .containsExactly(KILLED, OTHER);
      assertThat(report.contributions())
          .extracting(Contribution::weight)
          .containsExactly((long) IMAGES, 7L);
      assertThat(report.total().balances()).isTrue();
      seen.readUntil(
          "both updates of round " + report.round(),
          () -> seen.isWhole(KILLED, report.round()) && seen.isWhole(OTHER, report.round()));
      expected.close(
          plans.get(report.round()),
          List.of(seen.whole(KILLED, report.round()), seen.whole(OTHER, report.round())));
    }
    Ledger total = reports.get(KILLS - 1).total();
    seen.readUntil("all records", () -> seen.records() >= total.received());
    LOG.info("{} kills, {} records sent again, ledger {}", KILLS, total.duplicate(), total);
    assertThat(total.folded()).isEqualTo(seen.different());
    // What was sent again came while the round was open, or after it had closed with all it needed.
    assertThat(total.duplicate() + total.surplus()).isEqualTo(total.received() - total.folded());
    assertThat(total.duplicate()).isPositive();
    try (GlobalModelReader reader = GlobalModelReader.ofAllBlocks(connection, config.topics())) {
      GlobalModel model = reader.newest(PATIENCE).orElseThrow();
      assertThat(model.version()).isEqualTo(KILLS);
      model
          .weights()
          .forEach((block, vector) -> assertThat(vector).isEqualTo(expected.weights(block)));
    }
  }

  private static List<RoundReport> reports(FederationConfig config, KafkaConnection connection) {
    List<RoundReport> reports = new ArrayList<>();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try (RoundReportReader reader = new RoundReportReader(connection, config.topics())) {
      while (reports.size() < KILLS && System.nanoTime() < deadline) {
        reports.addAll(reader.poll(Duration.ofMillis(100)));
      }
    }
    assertThat(reports).hasSize(KILLS);
    return reports;
  }

  private FederationConfig begin(LocalBroker broker) throws Exception {
    FederationConfig config =
        FederationConfigLoader.load(
            null,
            List.of(
                "federation=killed",
                "kafka.bootstrap-servers=" + broker.bootstrapServers(),
                "checkpoint.interval=200ms",
                "round.limit=" + KILLS,
                "round.deadline=10min",
                "cohort.size=2"));
    try (TopicSetup setup = TopicSetup.connect(broker.bootstrapServers())) {
      setup.create(TopicTable.of(config.topics(), TopicParameters.singleBroker()));
    }
    new ModelInitializer(new KafkaConnection(broker.bootstrapServers()), config.topics())
        .publish(MODEL.manifest(config.modelRing()), MODEL.initialWeights(1));
    return config;
  }

  /** Adds a number to every weight, when it may. */
  private Participant other(FederationConfig config, KafkaConnection connection)
      throws IOException {
    LocalTrainer trainer =
        (task, data) -> {
          otherMayAnswer.acquire();
          Map<Integer, float[]> blocks = new HashMap<>();
          for (int block : task.trainBlocks()) {
            float[] vector = task.weights().get(block).clone();
            for (int i = 0; i < vector.length; i++) {
              vector[i] += 0.01f;
            }
            blocks.put(block, vector);
          }
          return new TrainingResult(blocks, 7, Map.of());
        };
    LocalData data =
        new FleetData(DatasetCatalog.FASHION_MNIST, directory.resolve("images"), "iid", 1, 1, 0)
            .share(0);
    return new Participant(
        ParticipantSettings.of(config.topics(), connection, OTHER),
        data,
        trainer,
        new ParticipantListener() {
          @Override
          public void drawn(Plan plan) {
            plans.put(plan.round(), plan);
          }
        });
  }

  /** Random images, since small files are read sooner. */
  private void writeImages() throws IOException {
    Path folder = Files.createDirectories(directory.resolve("images"));
    SplittableRandom random = new SplittableRandom(5);
    for (String part : List.of("train", "t10k")) {
      ByteBuffer images = ByteBuffer.allocate(16 + IMAGES * 784);
      images.putInt(0x803).putInt(IMAGES).putInt(28).putInt(28);
      ByteBuffer labels = ByteBuffer.allocate(8 + IMAGES).putInt(0x801).putInt(IMAGES);
      for (int i = 0; i < IMAGES; i++) {
        labels.put((byte) (i % 10));
        byte[] image = new byte[784];
        random.nextBytes(image);
        images.put(image);
      }
      Files.write(folder.resolve(part + "-images-idx3-ubyte"), images.array());
      Files.write(folder.resolve(part + "-labels-idx1-ubyte"), labels.array());
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import anabranch.client.topic.AnnouncementReader;
import anabranch.client.topic.GlobalModelReader;
import anabranch.client.topic.KafkaConnection;
import anabranch.job.testkit.Await;
import anabranch.job.testkit.PublishedVersions;
import anabranch.kafka.broker.LocalBrokerProcess;
import anabranch.kafka.broker.LocalBrokerSettings;
import anabranch.protocol.Topics;
import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.Contribution;
import anabranch.protocol.message.Ledger;
import anabranch.protocol.message.RoundOutcome;
import anabranch.protocol.message.RoundReport;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Segment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A federation whose model counts its updates. The broker is a process, and its clients are two:
 * three clients in the one, a fourth in the other. Every round needs all four, so a round whose
 * fourth client sleeps stays open.
 */
final class CountedFederation implements AutoCloseable {

  static final int CLIENTS = 4;

  private static final String NAME = "counted";
  private static final int IN_FIRST_PROCESS = 3;
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Topics TOPICS = new Topics(NAME);

  private final Path logs;

  /** What clients keep on disk. */
  private final Path memory;

  private final LocalBrokerProcess broker;
  private ModelManifest manifest;
  private ChildProcess three;
  private ChildProcess fourth;

  private CountedFederation(Path directory) {
    logs = directory.resolve("logs");
    memory = directory.resolve("clients");
    broker = LocalBrokerProcess.start(LocalBrokerSettings.keptIn(directory.resolve("broker")));
  }

  /** Starts broker and clients and publishes version 0, all by the commands of users. */
  static CountedFederation begin(Path directory) throws Exception {
    CountedFederation federation = new CountedFederation(directory);
    try {
      federation.anabranch("topics", "create");
      federation.keepAllThatIsPublished();
      federation.anabranch("model", "init", "--model=mlp", "--model-setting=hidden=8");
      federation.manifest = federation.readManifest();
      federation.startClients();
      return federation;
    } catch (Exception | Error e) {
      federation.close();
      throw e;
    }
  }

  /** What the job and the commands are told. */
  List<String> arguments() {
    List<String> arguments = new ArrayList<>(List.of("--config", Repository.FEDERATION));
    arguments.addAll(settings());
    return arguments;
  }

  private List<String> settings() {
    return Map.of(
            "federation",
            NAME,
            "kafka.bootstrap-servers",
            broker.bootstrapServers(),
            "cohort.size",
            "" + CLIENTS,
            "cohort.over-selection",
            "1",
            "round.quorum",
            "" + CLIENTS,
            "round.limit",
            "0",
            // A round that ended by its deadline would hide that an update was lost.
            "round.deadline",
            "30min",
            "report.similarity",
            "true")
        .entrySet()
        .stream()
        .map(setting -> "--set=%s=%s".formatted(setting.getKey(), setting.getValue()))
        .sorted()
        .toList();
  }

  private void anabranch(String... command) throws Exception {
    List<String> all = new ArrayList<>(Repository.launcher());
    all.addAll(List.of(command));
    all.addAll(arguments());
    try (ChildProcess process = ChildProcess.start(command[0], logs, all, Map.of())) {
      process.finish(PATIENCE);
    }
  }

  /** Compaction would take old versions and announcements, which the audit wants to see. */
  private void keepAllThatIsPublished() throws Exception {
    List<AlterConfigOp> daysOfGrace =
        Stream.of("min.compaction.lag.ms", "max.compaction.lag.ms")
            .map(
                key ->
                    new AlterConfigOp(
                        new ConfigEntry(key, "" + Duration.ofDays(1).toMillis()),
                        AlterConfigOp.OpType.SET))
            .toList();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      admin
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.TOPIC, TOPICS.plans()),
                  daysOfGrace,
                  new ConfigResource(ConfigResource.Type.TOPIC, TOPICS.model()),
                  daysOfGrace))
          .all()
          .get();
    }
  }

  private void startClients() throws Exception {
    three = clients("three-clients", 0, IN_FIRST_PROCESS);
    fourth = clients("fourth-client", IN_FIRST_PROCESS, CLIENTS);
  }

  private ChildProcess clients(String name, int first, int behindLast) throws Exception {
    List<String> command =
        List.of(
            Repository.java(),
            "-Xmx128m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            CountingClientsMain.class.getName(),
            broker.bootstrapServers(),
            NAME,
            "" + first,
            "" + behindLast,
            "" + CLIENTS,
            memory.toString());
    return ChildProcess.start(name, logs, command, Map.of());
  }

  /** Kills all clients, those that have answered and the one that has not, and starts them anew. */
  void killClients() throws Exception {
    three.kill();
    fourth.kill();
    startClients();
  }

  /** Kills the broker and starts it again. */
  void killBroker() {
    broker.restart();
  }

  /** Puts the fourth client to sleep, so that no round is completed. */
  void holdRound() throws Exception {
    fourth.freeze();
  }

  void releaseRound() throws Exception {
    fourth.thaw();
  }

  /** The newest announcement. */
  Announcement head() {
    try (AnnouncementReader reader = new AnnouncementReader(connection(), TOPICS)) {
      return last(reader.poll(Duration.ofSeconds(10)))
          .orElseThrow(() -> new AssertionError("there is no announcement on " + TOPICS.plans()));
    }
  }

  /** Waits for so many more completed rounds and returns the announcement of the last. */
  Announcement awaitRounds(int more) throws Exception {
    long wanted = head().modelVersion() + more;
    return await("model version " + wanted, a -> a.modelVersion() >= wanted);
  }

  /** Waits for an announcement. */
  Announcement await(String what, Predicate<Announcement> wanted) throws Exception {
    Announcement[] newest = new Announcement[1];
    try (AnnouncementReader reader = new AnnouncementReader(connection(), TOPICS)) {
      Await.until(
          () -> "%s, newest is %s".formatted(what, newest[0]),
          PATIENCE,
          () -> {
            last(reader.poll(Duration.ofMillis(200))).ifPresent(a -> newest[0] = a);
            return newest[0] != null && wanted.test(newest[0]);
          });
    }
    return newest[0];
  }

  private static Optional<Announcement> last(List<Announcement> announcements) {
    return announcements.isEmpty()
        ? Optional.empty()
        : Optional.of(announcements.get(announcements.size() - 1));
  }

  /**
   * Reads everything that was ever published and demands that it is right: each version has one
   * content, each ledger balances, plans are a chain, and the model has counted every update of
   * every round once.
   *
   * @return completed rounds
   */
  long audit() {
    PublishedVersions published = published();
    assertThat(published.announcements())
        .extracting(Announcement::sequence)
        .isEqualTo(LongStream.range(0, published.announcements().size()).boxed().toList());
    assertPlansAreAChain(published.announcements());
    assertLedgersBalance(published.reports());
    List<Announcement> announcements = published.announcements();
    // The federation goes on while its topics are read, first this one.
    long rounds = announcements.get(announcements.size() - 1).modelVersion();
    List<RoundReport> completed =
        published.reports().stream()
            .filter(r -> r.outcome() == RoundOutcome.COMPLETED && r.modelVersion() <= rounds)
            .toList();
    assertThat(completed)
        .extracting(RoundReport::modelVersion)
        .isEqualTo(LongStream.rangeClosed(1, rounds).boxed().toList());
    assertThat(completed)
        .allSatisfy(
            report ->
                assertThat(report.contributions())
                    .extracting(Contribution::clientId)
                    .isEqualTo(
                        IntStream.range(0, CLIENTS).mapToObj(c -> "counting-" + c).toList()));
    assertModelHasCounted(published, rounds);
    return rounds;
  }

  private ModelManifest readManifest() {
    try (GlobalModelReader reader = GlobalModelReader.ofAllBlocks(connection(), TOPICS)) {
      return reader.newest(Duration.ofSeconds(10)).orElseThrow().manifest();
    }
  }

  private PublishedVersions published() {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", broker.bootstrapServers());
    properties.put("isolation.level", "read_committed");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      return PublishedVersions.read(consumer, TOPICS, manifest);
    }
  }

  private static void assertPlansAreAChain(List<Announcement> announcements) {
    long previous = 0;
    long newest = 0;
    for (Announcement announcement : announcements) {
      if (announcement.plan() != null && announcement.plan().planId() != newest) {
        previous = newest;
        newest = announcement.plan().planId();
        assertThat(announcement.plan().previousPlanId()).isEqualTo(previous);
      }
    }
  }

  private static void assertLedgersBalance(List<RoundReport> reports) {
    RoundReport before = null;
    for (RoundReport report : reports) {
      assertThat(report.ledger().balances()).isTrue();
      assertThat(report.total().balances()).isTrue();
      boolean continued = before != null && before.incarnation() == report.incarnation();
      assertThat(report.ledger())
          .isEqualTo(report.total().minus(continued ? before.total() : Ledger.EMPTY));
      before = report;
    }
  }

  private void assertModelHasCounted(PublishedVersions published, long rounds) {
    double samples = IntStream.range(0, CLIENTS).mapToLong(CountingTrainer::samples).sum();
    for (Segment segment : manifest.segments()) {
      float[] first = published.values(segment, 0);
      float[] last = published.values(segment, rounds);
      for (int i = 0; i < segment.length(); i++) {
        int client = (segment.offset() + i) % CLIENTS;
        assertThat(last[i] - first[i])
            .isCloseTo((float) (rounds * CountingTrainer.samples(client) / samples), within(1e-3f));
      }
    }
  }

  private KafkaConnection connection() {
    return new KafkaConnection(broker.bootstrapServers());
  }

  @Override
  public void close() {
    for (ChildProcess clients : new ChildProcess[] {three, fourth}) {
      if (clients != null) {
        clients.close();
      }
    }
    broker.close();
  }
}

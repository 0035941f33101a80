// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.kafka.broker.FreePort;
import anabranch.kafka.broker.LocalBroker;
import anabranch.kafka.broker.LocalBrokerSettings;
import anabranch.protocol.Topics;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the doctor says of real brokers, well and ill. Each test has its own federation. */
class DoctorCommandTest {

  private static final List<String> KAFKA_CHECKS =
      List.of(
          "brokers",
          "topics",
          "replicas",
          "record size",
          "transaction limits",
          "transaction trial",
          "permissions",
          "model",
          "broker clocks");

  private static final AclPermissionType ALLOW = AclPermissionType.ALLOW;
  private static final AclPermissionType DENY = AclPermissionType.DENY;

  private static LocalBroker broker;
  private static Admin admin;

  @BeforeAll
  static void startBroker() {
    broker = LocalBroker.start();
    admin = admin(broker);
  }

  @AfterAll
  static void stopBroker() {
    admin.close();
    broker.close();
  }

  @Test
  void everythingInOrderEndsWithZeroAndLeavesTheTopicsAsTheyWere() throws Exception {
    prepare(broker, "fine");
    Map<TopicPartition, Long> before = ends("fine");

    CommandRun run = doctor(broker, "fine");

    assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
    KAFKA_CHECKS.forEach(check -> assertThat(run.line(check)).startsWith("ok"));
    assertThat(run.line("brokers")).contains("1 broker at localhost:" + broker.port());
    assertThat(run.line("model")).contains("version 0 of mlp, 12,730 parameters");
    assertThat(run.line("broker clocks")).containsPattern("broker 1 [+-]\\d+ ms");
    assertThat(run.line("flink"))
        .startsWith("not checked")
        .contains("no address given: --flink http://HOST:8081");
    assertThat(ends("fine")).isEqualTo(before);
    assertThat(admin.listTopics().names().get()).doesNotContain("fine.doctor");
  }

  @Test
  void findingsAreOneJsonObjectOnTheLastLine() throws Exception {
    CommandRun run = doctor(broker, "no-topics", "--json");

    List<String> lines = run.out().lines().toList();
    JsonNode report = new ObjectMapper().readTree(lines.get(lines.size() - 1));
    assertThat(report.path("federation").asText()).isEqualTo("no-topics");
    assertThat(report.path("failed").asBoolean()).isTrue();
    assertThat(report.path("checks")).hasSize(lines.size() - 1);
    JsonNode topics = report.path("checks").get(1);
    assertThat(topics.path("check").asText()).isEqualTo("topics");
    assertThat(topics.path("status").asText()).isEqualTo("FAILED");
    assertThat(topics.path("found").asText()).contains("no-topics.model is missing");
    assertThat(topics.path("advice").asText()).contains("./anabranch topics create");
  }

  @Test
  void missingTopicAndMissingModelAreToldWithTheirCommands() throws Exception {
    run(broker, "bare", "topics", "create");
    delete("bare.rejected");

    CommandRun run = doctor(broker, "bare");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.line("topics"))
        .startsWith("FAILED")
        .contains("bare.rejected is missing -> run './anabranch topics create'");
    assertThat(run.line("model"))
        .startsWith("FAILED")
        .contains("none is announced -> run './anabranch model init");
  }

  /** A broker may list a topic a moment longer than it takes to promise its end. */
  private static void delete(String topic) throws Exception {
    admin.deleteTopics(List.of(topic)).all().get();
    while (admin.listTopics().names().get().contains(topic)) {
      Thread.sleep(20);
    }
  }

  @Test
  void settingsThatLoseDataFailAndOthersWarn() throws Exception {
    prepare(broker, "settings");
    set("settings.model", "cleanup.policy", "delete");
    set("settings.updates", "retention.ms", "60000");
    set("settings.rounds", "retention.ms", "-1");

    CommandRun run = doctor(broker, "settings");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.line("topics"))
        .startsWith("FAILED")
        .contains("settings.model: cleanup.policy is delete, wanted is compact")
        .contains("settings.updates: retention.ms is 60000, wanted is 604800000")
        .contains("./anabranch topics create --correct");

    set("settings.model", "cleanup.policy", "compact");
    set("settings.updates", "retention.ms", "604800000");
    CommandRun longer = doctor(broker, "settings");
    assertThat(longer.exitCode()).as(longer.out()).isZero();
    assertThat(longer.line("topics"))
        .startsWith("warning")
        .contains("settings.rounds: retention.ms is -1");
  }

  @Test
  void topicThatRefusesTheLargestRecordFails() throws Exception {
    prepare(broker, "small");
    set("small.updates", "max.message.bytes", "500000");

    CommandRun run = doctor(broker, "small");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.line("record size"))
        .startsWith("FAILED")
        .contains("small.updates: max.message.bytes is 500000, a record takes up to 900");
    assertThat(
            doctor(broker, "small", "--set=kafka.properties.max.request.size=1000")
                .line("record size"))
        .contains("kafka.properties: max.request.size is 1000");
  }

  @Test
  void moreCopiesWantedThanThereAreFails() throws Exception {
    prepare(broker, "copies");
    set("copies.plans", "min.insync.replicas", "2");

    assertThat(doctor(broker, "copies").line("replicas"))
        .startsWith("FAILED")
        .contains("copies.plans-0: copies are 1, min.insync.replicas is 2: every write is refused");
  }

  @Test
  void modelThatLacksASegmentFails() throws Exception {
    prepare(broker, "damaged");
    // A partition without compaction can be emptied up to an offset.
    set("damaged.model", "cleanup.policy", "delete");
    Map<TopicPartition, Long> ends = ends("damaged");
    admin
        .deleteRecords(
            Map.of(
                new TopicPartition("damaged.model", 0),
                RecordsToDelete.beforeOffset(ends.get(new TopicPartition("damaged.model", 0)))))
        .all()
        .get();

    CommandRun run = doctor(broker, "damaged");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.line("model")).startsWith("FAILED");
  }

  @Test
  void silentBootstrapServerFailsAndTheRestIsNotChecked() {
    CommandRun run = doctor("localhost:" + FreePort.find(), "silent");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.line("brokers"))
        .startsWith("FAILED")
        .contains("no Kafka broker answers at localhost:", "kafka.bootstrap-servers");
    assertThat(run.line("topics")).startsWith("not checked").contains("no Kafka broker answers");
    assertThat(doctor("no-such-host.invalid:9092", "silent").line("brokers"))
        .startsWith("FAILED")
        .contains("No resolvable bootstrap urls");
  }

  @Test
  void advertisedAddressThatIsNoGoodHereIsNamed() {
    int closed = FreePort.find();
    for (String advertised : List.of("broker.invalid:9092", "localhost:" + closed)) {
      try (LocalBroker behindNat =
          brokerWith(Map.of("advertised.listeners", "PLAINTEXT://" + advertised))) {
        CommandRun run = doctor(behindNat, "nat");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.line("brokers"))
            .startsWith("FAILED")
            .contains("broker 1 advertises " + advertised + ": ")
            .contains("advertised.listeners");
        assertThat(run.line("topics"))
            .startsWith("not checked")
            .contains("no broker can be reached at its advertised address");
      }
    }
  }

  @Test
  void brokerThatForbidsTheTransactionTimeoutFails() {
    Map<String, String> limits =
        Map.of(
            "transaction.max.timeout.ms", "60000", "transaction.state.log.replication.factor", "3");
    try (LocalBroker strict = brokerWith(limits)) {
      CommandRun run = doctor(strict, "strict");

      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.line("transaction limits"))
          .startsWith("FAILED")
          .contains("transaction.max.timeout.ms is 60000, the job's transactions have 900000")
          .contains("transaction.state.log.replication.factor is 3, the number of brokers is 1");
      assertThat(run.line("transaction trial")).startsWith("FAILED");
    }
    try (LocalBroker strict = brokerWith(Map.of("transaction.max.timeout.ms", "60000"))) {
      assertThat(doctor(strict, "strict").line("transaction trial"))
          .startsWith("FAILED")
          .contains("'anabranch-strict.doctor': ", "transaction.max.timeout.ms");
    }
  }

  @Test
  void rightsThatTheJobLacksAreNamed() throws Exception {
    Map<String, String> authorizer =
        Map.of(
            "authorizer.class.name",
            "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "allow.everyone.if.no.acl.found",
            "true");
    try (LocalBroker guarded = brokerWith(authorizer);
        Admin guard = admin(guarded)) {
      prepare(guarded, "rights");
      assertThat(doctor(guarded, "rights").line("permissions"))
          .startsWith("ok")
          .contains("all that the job needs");

      rule(guard, ResourceType.TOPIC, "rights.rejected", AclOperation.ALL, ALLOW);
      rule(guard, ResourceType.TOPIC, "rights.rejected", AclOperation.WRITE, DENY);
      rule(guard, ResourceType.TOPIC, "rights.clients", AclOperation.ALL, DENY);
      rule(guard, ResourceType.GROUP, "anabranch-rights", AclOperation.ALL, DENY);
      rule(guard, ResourceType.TRANSACTIONAL_ID, "anabranch-rights.doctor", AclOperation.ALL, DENY);
      CommandRun run = doctor(guarded, "rights");

      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.line("permissions"))
          .startsWith("FAILED")
          .contains("[WRITE] not allowed on topic rights.rejected")
          .contains("[READ] not allowed on topic rights.clients")
          .contains("[READ] not allowed on group anabranch-rights");
      assertThat(run.line("transaction trial"))
          .startsWith("FAILED")
          .contains("WRITE and DESCRIBE on transactional ids with the prefix 'anabranch-rights'");
    }
  }

  @Test
  void transactionsOfARunningJobAreNotDisturbed() throws Exception {
    prepare(broker, "running");
    Topics topics = new Topics("running");
    Map<String, Object> properties = new HashMap<>();
    properties.put("bootstrap.servers", broker.bootstrapServers());
    properties.put("transactional.id", topics.transactionalIdPrefix() + "-0-0");
    try (KafkaProducer<byte[], byte[]> job =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
      job.initTransactions();
      job.beginTransaction();
      job.send(new ProducerRecord<>(topics.rejected(), new byte[1])).get();

      CommandRun run = doctor(broker, "running");

      assertThat(run.line("transaction trial")).startsWith("ok");
      job.commitTransaction();
    }
  }

  private static LocalBroker brokerWith(Map<String, String> properties) {
    return LocalBroker.start(LocalBrokerSettings.temporary().withProperties(properties));
  }

  private static Admin admin(LocalBroker of) {
    return Admin.create(Map.of("bootstrap.servers", of.bootstrapServers()));
  }

  private static void rule(
      Admin guard,
      ResourceType type,
      String name,
      AclOperation operation,
      AclPermissionType permission)
      throws Exception {
    guard
        .createAcls(
            List.of(
                new AclBinding(
                    new ResourcePattern(type, name, PatternType.LITERAL),
                    new AccessControlEntry("User:*", "*", operation, permission))))
        .all()
        .get();
  }

  private static void set(String topic, String key, String value) throws Exception {
    admin
        .incrementalAlterConfigs(
            Map.of(
                new ConfigResource(ConfigResource.Type.TOPIC, topic),
                List.of(new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET))))
        .all()
        .get();
  }

  /** Where each partition of a federation's topics ends. */
  private static Map<TopicPartition, Long> ends(String federation) throws Exception {
    Topics topics = new Topics(federation);
    Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
    for (TopicDescription topic :
        admin
            .describeTopics(
                List.of(
                    topics.clients(),
                    topics.updates(),
                    topics.model(),
                    topics.deltas(),
                    topics.plans(),
                    topics.rounds(),
                    topics.rejected(),
                    topics.control()))
            .allTopicNames()
            .get()
            .values()) {
      topic
          .partitions()
          .forEach(
              p ->
                  wanted.put(new TopicPartition(topic.name(), p.partition()), OffsetSpec.latest()));
    }
    Map<TopicPartition, Long> ends = new HashMap<>();
    admin.listOffsets(wanted).all().get().forEach((at, found) -> ends.put(at, found.offset()));
    return ends;
  }

  private static void prepare(LocalBroker on, String federation) {
    assertThat(run(on, federation, "topics", "create").exitCode()).isZero();
    assertThat(
            run(on, federation, "model", "init", "--model=mlp", "--model-setting=hidden=16")
                .exitCode())
        .isZero();
  }

  private static CommandRun doctor(LocalBroker on, String federation, String... options) {
    return run(
        on,
        federation,
        Stream.concat(Stream.of("doctor"), Stream.of(options)).toArray(String[]::new));
  }

  private static CommandRun doctor(String bootstrapServers, String federation) {
    return CommandRun.of(
        "doctor",
        "--set=federation=" + federation,
        "--set=kafka.bootstrap-servers=" + bootstrapServers);
  }

  private static CommandRun run(LocalBroker on, String federation, String... command) {
    return CommandRun.of(
        Stream.concat(
                Stream.of(command),
                Stream.of(
                    "--set=federation=" + federation,
                    "--set=kafka.bootstrap-servers=" + on.bootstrapServers()))
            .toArray(String[]::new));
  }
}

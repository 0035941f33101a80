// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import static anabranch.cli.ExaminedFederations.admin;
import static anabranch.cli.ExaminedFederations.brokerWith;
import static anabranch.cli.ExaminedFederations.doctor;
import static anabranch.cli.ExaminedFederations.ends;
import static anabranch.cli.ExaminedFederations.prepare;
import static org.assertj.core.api.Assertions.assertThat;

import anabranch.kafka.broker.FreePort;
import anabranch.kafka.broker.LocalBroker;
import anabranch.protocol.Topics;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the doctor says of real brokers and of transactions. Each test has its own federation. */
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
    Map<TopicPartition, Long> before = ends(admin, "fine");

    CommandRun run = doctor(broker, "fine");

    assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
    KAFKA_CHECKS.forEach(check -> assertThat(run.line(check)).startsWith("ok"));
    assertThat(run.line("brokers")).contains("1 broker at localhost:" + broker.port());
    assertThat(run.line("model")).contains("version 0 of mlp, 12,730 parameters");
    assertThat(run.line("broker clocks")).containsPattern("broker 1 [+-]\\d+ ms");
    assertThat(run.line("flink"))
        .startsWith("not checked")
        .contains("no address given: --flink http://HOST:8081");
    assertThat(ends(admin, "fine")).isEqualTo(before);
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
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import static anabranch.cli.ExaminedFederations.admin;
import static anabranch.cli.ExaminedFederations.brokerWith;
import static anabranch.cli.ExaminedFederations.doctor;
import static anabranch.cli.ExaminedFederations.ends;
import static anabranch.cli.ExaminedFederations.prepare;
import static anabranch.cli.ExaminedFederations.run;
import static org.assertj.core.api.Assertions.assertThat;

import anabranch.kafka.broker.LocalBroker;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the doctor says of topics, of the model and of rights. Each test has its own federation. */
class DoctorTopicsTest {

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
    Map<TopicPartition, Long> ends = ends(admin, "damaged");
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
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.kafka.broker.LocalBroker;
import anabranch.kafka.broker.LocalBrokerSettings;
import anabranch.protocol.Topics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;

/** Federations on real brokers, and commands that are about them. */
final class ExaminedFederations {

  private ExaminedFederations() {}

  static LocalBroker brokerWith(Map<String, String> properties) {
    return LocalBroker.start(LocalBrokerSettings.temporary().withProperties(properties));
  }

  static Admin admin(LocalBroker of) {
    return Admin.create(Map.of("bootstrap.servers", of.bootstrapServers()));
  }

  /** Where each partition of a federation's topics ends. */
  static Map<TopicPartition, Long> ends(Admin admin, String federation) throws Exception {
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

  /** With its topics and a small model. */
  static void prepare(LocalBroker on, String federation) {
    assertThat(run(on, federation, "topics", "create").exitCode()).isZero();
    assertThat(
            run(on, federation, "model", "init", "--model=mlp", "--model-setting=hidden=16")
                .exitCode())
        .isZero();
  }

  static CommandRun doctor(LocalBroker on, String federation, String... options) {
    return run(
        on,
        federation,
        Stream.concat(Stream.of("doctor"), Stream.of(options)).toArray(String[]::new));
  }

  /** Of brokers that are elsewhere, or nowhere. */
  static CommandRun doctor(String bootstrapServers, String federation) {
    return CommandRun.of(
        "doctor",
        "--set=federation=" + federation,
        "--set=kafka.bootstrap-servers=" + bootstrapServers);
  }

  static CommandRun run(LocalBroker on, String federation, String... command) {
    return CommandRun.of(
        Stream.concat(
                Stream.of(command),
                Stream.of(
                    "--set=federation=" + federation,
                    "--set=kafka.bootstrap-servers=" + on.bootstrapServers()))
            .toArray(String[]::new));
  }
}

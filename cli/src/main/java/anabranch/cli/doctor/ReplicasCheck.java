// SPDX-License-Identifier: Apache-2.0
package anabranch.cli.doctor;

import java.util.Map;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartitionInfo;

/**
 * Whether every partition can be written to: it has a leader and as many copies in step as {@code
 * min.insync.replicas} asks for. A cluster whose default is 2 refuses every record of a topic with
 * one copy, and so it does after the loss of one broker too many.
 */
final class ReplicasCheck implements Check {

  private static final String MINIMUM = "min.insync.replicas";
  private static final String LOWER =
      "run './anabranch topics create --correct', or have more copies: kafka.replication-factor";

  @Override
  public String name() {
    return "replicas";
  }

  @Override
  public Finding examine(Examination examination) throws NotCheckedException {
    Map<String, TopicDescription> topics = examination.kafka().descriptions();
    if (topics.isEmpty()) {
      throw new NotCheckedException("there are no topics");
    }
    Map<String, Config> settings = examination.kafka().topicSettings(topics.keySet());
    Problems problems = new Problems();
    int partitions = 0;
    for (TopicDescription topic : topics.values()) {
      long minimum = KafkaSide.number(settings.get(topic.name()), MINIMUM);
      for (TopicPartitionInfo partition : topic.partitions()) {
        partitions++;
        examine(topic.name() + "-" + partition.partition(), partition, minimum, problems);
      }
    }
    return problems.orOk(
        name(), "all %d partitions have a leader and enough copies".formatted(partitions));
  }

  private static void examine(
      String name, TopicPartitionInfo partition, long minimum, Problems problems) {
    int copies = partition.replicas().size();
    int inStep = partition.isr().size();
    if (partition.leader() == null || partition.leader().isEmpty()) {
      problems.failed(name + " has no leader", "start the broker that has its copies");
    } else if (copies < minimum) {
      problems.failed(
          "%s: copies are %d, %s is %d: every write is refused"
              .formatted(name, copies, MINIMUM, minimum),
          LOWER);
    } else if (inStep < minimum) {
      problems.failed(
          "%s: copies in step are %d, %s is %d: every write is refused"
              .formatted(name, inStep, MINIMUM, minimum),
          "start the brokers that are away, or wait until they have caught up");
    } else if (inStep < copies) {
      problems.warning(
          "%s: of %d copies only %d in step".formatted(name, copies, inStep),
          "look at the brokers that lag");
    }
  }
}

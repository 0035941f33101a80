// SPDX-License-Identifier: Apache-2.0
package anabranch.kafka.topics;

import anabranch.kafka.topics.TopicState.Condition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Reads topics from a cluster and compares them with the table. */
final class TopicInspection {

  private static final String READING = "reading the topics";

  private final Admin admin;
  private final ClusterCalls calls;

  TopicInspection(Admin admin, ClusterCalls calls) {
    this.admin = admin;
    this.calls = calls;
  }

  /** Those of the names that are topics of the cluster. */
  Set<String> existing(Collection<String> names) {
    return descriptions(names).keySet();
  }

  /** Whether all these topics exist and every partition can be written to. */
  boolean ready(Collection<String> names) {
    Map<String, TopicDescription> found = descriptions(names);
    return found.size() == names.size()
        && found.values().stream()
            .flatMap(t -> t.partitions().stream())
            .allMatch(p -> p.leader() != null && !p.leader().isEmpty());
  }

  /** One state a line of the table, in its order: present or missing. */
  List<TopicState> states(List<TopicSettings> table) {
    Map<String, TopicDescription> found =
        descriptions(table.stream().map(TopicSettings::name).toList());
    Map<String, Config> configs = configs(found.keySet());
    return table.stream()
        .map(
            wanted ->
                configs.containsKey(wanted.name())
                    ? compare(wanted, found.get(wanted.name()), configs.get(wanted.name()))
                    : TopicState.absent(wanted.name(), Condition.MISSING))
        .toList();
  }

  private static TopicState compare(TopicSettings wanted, TopicDescription topic, Config config) {
    int partitions = topic.partitions().size();
    int copies = topic.partitions().stream().mapToInt(p -> p.replicas().size()).min().orElse(0);
    List<Difference> differences = new ArrayList<>();
    if (partitions != wanted.partitions()) {
      differences.add(
          new Difference(Difference.PARTITIONS, "" + wanted.partitions(), "" + partitions));
    }
    if (copies != wanted.replicationFactor()) {
      differences.add(
          new Difference(
              Difference.REPLICATION_FACTOR, "" + wanted.replicationFactor(), "" + copies));
    }
    for (Setting setting : wanted.settings()) {
      ConfigEntry entry = config.get(setting.key());
      String found = entry == null ? "unknown to the broker" : entry.value();
      if (!setting.value().equals(found)) {
        differences.add(new Difference(setting.key(), setting.value(), found));
      }
    }
    return new TopicState(
        wanted.name(), Condition.PRESENT, partitions, copies, differences, List.of());
  }

  private Map<String, TopicDescription> descriptions(Collection<String> names) {
    Map<String, TopicDescription> found = new HashMap<>();
    admin
        .describeTopics(names)
        .topicNameValues()
        .forEach((name, answer) -> putIfKnown(found, name, answer));
    return found;
  }

  private Map<String, Config> configs(Collection<String> names) {
    Map<String, Config> found = new HashMap<>();
    admin
        .describeConfigs(
            names.stream().map(n -> new ConfigResource(ConfigResource.Type.TOPIC, n)).toList())
        .values()
        .forEach((resource, answer) -> putIfKnown(found, resource.name(), answer));
    return found;
  }

  /** Another person may delete a topic between two requests: then it is missing, no error. */
  private <T> void putIfKnown(Map<String, T> found, String name, KafkaFuture<T> answer) {
    try {
      found.put(name, calls.await(answer, READING));
    } catch (TopicSetupException e) {
      if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
        throw e;
      }
    }
  }
}

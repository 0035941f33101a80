// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import anabranch.job.config.FederationConfig;
import anabranch.job.config.KafkaConfig;
import anabranch.kafka.topics.Difference;
import anabranch.kafka.topics.TopicParameters;
import anabranch.kafka.topics.TopicSettings;
import anabranch.kafka.topics.TopicSetup;
import anabranch.kafka.topics.TopicState;
import anabranch.kafka.topics.TopicTable;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A federation's topics as its configuration wants them, and how their states are told. */
final class FederationTopics {

  private FederationTopics() {}

  /** The topics with the configuration's numbers of partitions and copies. */
  static List<TopicSettings> table(FederationConfig config) {
    KafkaConfig.Partitions partitions = config.kafka().partitions();
    return TopicTable.of(
        config.topics(),
        TopicParameters.cluster()
            .withPartitions(
                partitions.clients(), partitions.updates(), partitions.model(), partitions.deltas())
            .withReplicationFactor(config.kafka().replicationFactor())
            .withDeltasRetention(config.downlink().retention()));
  }

  /** Prepares to talk to the configuration's cluster. */
  static TopicSetup connect(FederationConfig config) {
    Map<String, Object> properties = new HashMap<>();
    config
        .kafka()
        .clientProperties()
        .forEach((name, value) -> properties.put(name.toString(), value));
    return TopicSetup.connect(properties);
  }

  /** One line a topic, and one below it for each difference. */
  static void print(List<TopicState> states, PrintWriter out) {
    TextTable table = new TextTable("topic", "state", "partitions", "copies");
    for (TopicState state : states) {
      String condition = state.condition().name().toLowerCase(Locale.ROOT);
      if (state.exists()) {
        table.row(state.name(), condition, state.partitions(), state.replicationFactor());
      } else {
        table.row(state.name(), condition, "", "");
      }
    }
    table.print(out);
    for (TopicState state : states) {
      state.corrected().forEach(corrected -> print(state, "corrected", corrected, out));
      state.differences().forEach(differing -> print(state, "differs", differing, out));
    }
  }

  private static void print(TopicState state, String what, Difference difference, PrintWriter out) {
    out.printf(
        "%s %s: %s is %s, wanted is %s%n",
        state.name(), what, difference.what(), difference.found(), difference.wanted());
  }
}

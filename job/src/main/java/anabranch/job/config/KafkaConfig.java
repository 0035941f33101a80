// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

import java.util.Map;
import java.util.Properties;

/**
 * Brokers and topics.
 *
 * @param bootstrapServers {@code host:port}, several with commas
 * @param properties further properties of every Kafka client, security above all
 * @param replicationFactor copies of every topic, at least 1
 * @param partitions of the topics that have several
 */
public record KafkaConfig(
    String bootstrapServers,
    Map<String, String> properties,
    int replicationFactor,
    Partitions partitions) {

  public KafkaConfig {
    properties = Map.copyOf(properties);
  }

  /** Partitions of the topics whose load grows with the clients or the model, each at least 1. */
  public record Partitions(int updates, int model, int deltas, int clients) {}

  /** What any Kafka client needs to connect; a new object, for the caller to add to. */
  public Properties clientProperties() {
    Properties client = new Properties();
    client.putAll(properties);
    client.setProperty("bootstrap.servers", bootstrapServers);
    return client;
  }
}

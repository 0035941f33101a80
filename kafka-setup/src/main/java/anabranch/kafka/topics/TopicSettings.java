// SPDX-License-Identifier: Apache-2.0
package anabranch.kafka.topics;

import java.util.List;

/**
 * What one topic shall be: a line of the {@link TopicTable}.
 *
 * @param name of the topic
 * @param holds what lies on it, for people
 * @param partitions how many, at least 1
 * @param partitionsReason why so many
 * @param replicationFactor copies of each partition, at least 1
 * @param settings configurations, in the order in which people should read them; everything else is
 *     left to the cluster
 */
public record TopicSettings(
    String name,
    String holds,
    int partitions,
    String partitionsReason,
    int replicationFactor,
    List<Setting> settings) {

  public TopicSettings {
    settings = List.copyOf(settings);
  }
}

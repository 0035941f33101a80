// SPDX-License-Identifier: Apache-2.0
package anabranch.kafka.topics;

import java.util.List;

/**
 * What a topic is, and what was done to it.
 *
 * @param name of the topic
 * @param condition after the call
 * @param partitions how many there are, 0 without the topic
 * @param replicationFactor the fewest copies that a partition has, 0 without the topic
 * @param differences that there are between the topic and the table, after the call
 * @param corrected differences that this call removed
 */
public record TopicState(
    String name,
    Condition condition,
    int partitions,
    int replicationFactor,
    List<Difference> differences,
    List<Difference> corrected) {

  /** What became of a topic. */
  public enum Condition {
    /** It was there before and nothing was changed. */
    PRESENT,
    /** This call created it. */
    CREATED,
    /** It was there before and this call changed its configuration. */
    CORRECTED,
    /** It does not exist, and did not before the call. */
    MISSING,
    /** This call deleted it. */
    DELETED
  }

  public TopicState {
    differences = List.copyOf(differences);
    corrected = List.copyOf(corrected);
  }

  /** A topic that is not there. */
  static TopicState absent(String name, Condition condition) {
    return new TopicState(name, condition, 0, 0, List.of(), List.of());
  }

  /** Whether the topic is there. */
  public boolean exists() {
    return condition != Condition.MISSING && condition != Condition.DELETED;
  }

  /** Whether the topic is there and as the table says. */
  public boolean asWanted() {
    return exists() && differences.isEmpty();
  }

  /** The same topic with another story. */
  TopicState as(Condition condition, List<Difference> corrected) {
    return new TopicState(name, condition, partitions, replicationFactor, differences, corrected);
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.kafka.topics;

/**
 * Where a topic is not as the table says.
 *
 * @param what {@link #PARTITIONS}, {@link #REPLICATION_FACTOR} or the key of a configuration
 * @param wanted by the table
 * @param found on the cluster
 */
public record Difference(String what, String wanted, String found) {

  /** The number of partitions. */
  public static final String PARTITIONS = "partitions";

  /** The number of copies of each partition. */
  public static final String REPLICATION_FACTOR = "replication factor";

  /**
   * Whether {@link TopicSetup#createAndCorrect} can remove it. Partitions are not added to a topic
   * that has keys, since the old records of a key would stay where nobody replaces them; copies are
   * moved with Kafka's own tool for reassignment.
   */
  public boolean correctable() {
    return !what.equals(PARTITIONS) && !what.equals(REPLICATION_FACTOR);
  }
}

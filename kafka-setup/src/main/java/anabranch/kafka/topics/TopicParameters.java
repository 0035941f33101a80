// SPDX-License-Identifier: Apache-2.0
package anabranch.kafka.topics;

import java.time.Duration;

/**
 * What a federation chooses about its topics; everything else in the {@link TopicTable} is fixed.
 *
 * @param clientsPartitions of {@code <f>.clients}, at least 1
 * @param updatesPartitions of {@code <f>.updates}, at least 1: the most source subtasks that can
 *     read it at once
 * @param modelPartitions of {@code <f>.model}, at least 1; segments are spread over them
 * @param deltasPartitions of {@code <f>.deltas}, at least 1
 * @param replicationFactor copies of each partition, 1 to the number of brokers
 * @param updatesRetention how long updates are kept, longer than the longest outage of the job
 * @param deltasRetention how long deltas between versions are kept
 * @param rejectedRetention how long notes about refused records are kept
 * @param roundsRetention how long round reports are kept
 */
public record TopicParameters(
    int clientsPartitions,
    int updatesPartitions,
    int modelPartitions,
    int deltasPartitions,
    int replicationFactor,
    Duration updatesRetention,
    Duration deltasRetention,
    Duration rejectedRetention,
    Duration roundsRetention) {

  private static final Duration WEEK = Duration.ofDays(7);
  private static final Duration YEAR = Duration.ofDays(365);

  public TopicParameters {
    atLeastOne("clients partitions", clientsPartitions);
    atLeastOne("updates partitions", updatesPartitions);
    atLeastOne("model partitions", modelPartitions);
    atLeastOne("deltas partitions", deltasPartitions);
    atLeastOne("replication factor", replicationFactor);
    positive("retention of updates", updatesRetention);
    positive("retention of deltas", deltasRetention);
    positive("retention of rejected", rejectedRetention);
    positive("retention of rounds", roundsRetention);
  }

  /** For a cluster of three brokers or more. */
  public static TopicParameters cluster() {
    return new TopicParameters(4, 8, 4, 1, 3, WEEK, WEEK, WEEK, YEAR);
  }

  /** For one broker, as the quickstart and tests have it. */
  public static TopicParameters singleBroker() {
    return new TopicParameters(1, 2, 2, 1, 1, WEEK, WEEK, WEEK, YEAR);
  }

  /** The same with other numbers of partitions. */
  public TopicParameters withPartitions(int clients, int updates, int model, int deltas) {
    return new TopicParameters(
        clients,
        updates,
        model,
        deltas,
        replicationFactor,
        updatesRetention,
        deltasRetention,
        rejectedRetention,
        roundsRetention);
  }

  /** The same with another number of copies. */
  public TopicParameters withReplicationFactor(int copies) {
    return new TopicParameters(
        clientsPartitions,
        updatesPartitions,
        modelPartitions,
        deltasPartitions,
        copies,
        updatesRetention,
        deltasRetention,
        rejectedRetention,
        roundsRetention);
  }

  /** The same with records kept for other times. */
  public TopicParameters withRetention(Duration updates, Duration rejected, Duration rounds) {
    return new TopicParameters(
        clientsPartitions,
        updatesPartitions,
        modelPartitions,
        deltasPartitions,
        replicationFactor,
        updates,
        deltasRetention,
        rejected,
        rounds);
  }

  /** The same with deltas kept for another time. */
  public TopicParameters withDeltasRetention(Duration deltas) {
    return new TopicParameters(
        clientsPartitions,
        updatesPartitions,
        modelPartitions,
        deltasPartitions,
        replicationFactor,
        updatesRetention,
        deltas,
        rejectedRetention,
        roundsRetention);
  }

  private static void atLeastOne(String what, int value) {
    if (value < 1 || value > Short.MAX_VALUE) {
      throw new IllegalArgumentException(
          "%s is %d, it must be 1 to %d".formatted(what, value, Short.MAX_VALUE));
    }
  }

  private static void positive(String what, Duration value) {
    if (value.toMillis() < 1) {
      throw new IllegalArgumentException("%s is %s, it must be positive".formatted(what, value));
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

import java.util.Map;

/** Which federation it is, where its topics lie, and what holds for its model. */
final class FederationKeys {

  static final KeyTable TABLE = new KeyTable();

  static final ConfigKey<String> FEDERATION =
      TABLE.required(
          "federation",
          Text.of("[A-Za-z0-9_-]{1,100}", "1 to 100 characters of A-Z a-z 0-9 _ -"),
          "Name of the federation, out of which the names of its topics and transactional ids are made.");
  static final ConfigKey<Long> SEED =
      TABLE.key(
          "seed",
          new WholeNumber(Long.MIN_VALUE, Long.MAX_VALUE),
          "42",
          "Everything that is drawn follows from it, cohorts first: same seed, same draws.");

  static final ConfigKey<String> KAFKA_BOOTSTRAP_SERVERS =
      TABLE.required(
          "kafka.bootstrap-servers",
          Text.of("[^\\s,]+:\\d{1,5}(,[^\\s,]+:\\d{1,5})*", "host:port, several with commas"),
          "Where Kafka clients connect first.");
  static final ConfigKey<Map<String, String>> KAFKA_PROPERTIES =
      TABLE.key(
          "kafka.properties",
          new TextMap(),
          "{}",
          "Passed to every Kafka client as they are: security above all, such as"
              + " `security.protocol: SASL_SSL`.");
  static final ConfigKey<Long> KAFKA_REPLICATION_FACTOR =
      TABLE.key(
          "kafka.replication-factor",
          new WholeNumber(1, 100),
          "1",
          "copies",
          "Of every topic. 1 fits a single broker; use 3 where data must survive one.");
  static final ConfigKey<Long> KAFKA_PARTITIONS_UPDATES =
      TABLE.key(
          "kafka.partitions.updates",
          new WholeNumber(1, 10_000),
          "4",
          "partitions",
          "Of the topic of client updates: the most subtasks that can read and decode it.");
  static final ConfigKey<Long> KAFKA_PARTITIONS_MODEL =
      TABLE.key(
          "kafka.partitions.model",
          new WholeNumber(1, 10_000),
          "4",
          "partitions",
          "Of the topic of model segments, which every client reads.");
  static final ConfigKey<Long> KAFKA_PARTITIONS_DELTAS =
      TABLE.key(
          "kafka.partitions.deltas",
          new WholeNumber(1, 10_000),
          "1",
          "partitions",
          "Of the topic of changes between versions, which every client reads; each partition adds"
              + " some 140 bytes to a version.");
  static final ConfigKey<Long> KAFKA_PARTITIONS_CLIENTS =
      TABLE.key(
          "kafka.partitions.clients",
          new WholeNumber(1, 10_000),
          "1",
          "partitions",
          "Of the topic of check-ins, which are small.");

  static final ConfigKey<Long> MODEL_RING =
      TABLE.key(
          "model.ring",
          new WholeNumber(2, 1_000),
          "4",
          "versions",
          "Versions of a segment that have keys of their own on the model topic: one can be read until as many newer ones are out.");
  static final ConfigKey<Long> MODEL_MAX_EXPONENT_PARAMETERS =
      TABLE.key(
          "model.max-exponent.parameters",
          new WholeNumber(-64, 64),
          "16",
          "E of 2^E",
          "An update with a parameter value beyond ±2^E is rejected. The bound makes sums exact;"
              + " each step down gains one bit of precision.");
  static final ConfigKey<Long> MODEL_MAX_EXPONENT_BUFFERS =
      TABLE.key(
          "model.max-exponent.buffers",
          new WholeNumber(-64, 64),
          "16",
          "E of 2^E",
          "The same for buffers, such as the running statistics of batch normalization.");

  private FederationKeys() {}
}

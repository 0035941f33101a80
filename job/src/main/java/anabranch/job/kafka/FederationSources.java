// SPDX-License-Identifier: Apache-2.0
package anabranch.job.kafka;

import anabranch.protocol.Topics;
import anabranch.udf.message.ConsumedRecord;
import anabranch.udf.message.RecordId;
import java.util.Map;
import java.util.Properties;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;

/**
 * What the job reads. All sources read committed records only, and all positions come from Flink's
 * state where there is one.
 */
public final class FederationSources {

  /**
   * Socket buffers are left to the operating system: with Kafka's 64 KiB a gigabyte costs twice.
   */
  private static final Map<String, String> FETCHING =
      Map.of(
          "receive.buffer.bytes",
          "-1",
          "isolation.level",
          "read_committed",
          "max.partition.fetch.bytes",
          Integer.toString(8 << 20),
          "max.poll.records",
          "64");

  private static final String DISCOVERY_INTERVAL = "partition.discovery.interval.ms";
  private static final String DISCOVERY_INTERVAL_MILLIS = "10000";

  private final Topics topics;
  private final Properties clientProperties;

  /**
   * @param clientProperties what any Kafka client needs to connect
   */
  public FederationSources(Topics topics, Properties clientProperties) {
    this.topics = topics;
    this.clientProperties = clientProperties;
  }

  /**
   * Client updates. Without state it goes on at the committed offsets, which lag: what comes a
   * second time quotes a closed plan.
   */
  @SuppressWarnings("deprecation") // the connector's own signature names the deprecated enum
  public KafkaSource<ConsumedRecord> updates() {
    return builder(topics.updates(), RecordId.Source.UPDATES)
        .setStartingOffsets(OffsetsInitializer.committedOffsets(OffsetResetStrategy.EARLIEST))
        .setProperty(DISCOVERY_INTERVAL, DISCOVERY_INTERVAL_MILLIS)
        .build();
  }

  /** Check-ins, all of them without state: else a new job would know no clients. */
  public KafkaSource<ConsumedRecord> clients() {
    return builder(topics.clients(), RecordId.Source.CLIENTS)
        .setStartingOffsets(OffsetsInitializer.earliest())
        .setProperty(DISCOVERY_INTERVAL, DISCOVERY_INTERVAL_MILLIS)
        .build();
  }

  /** The model topic up to where it ended at the start. */
  public KafkaSource<ConsumedRecord> model() {
    return builder(topics.model(), RecordId.Source.MODEL)
        .setStartingOffsets(OffsetsInitializer.earliest())
        .setBounded(OffsetsInitializer.latest())
        .build();
  }

  /**
   * The deltas topic up to where it ended at the start.
   *
   * @param since time from which changes are needed, in milliseconds since 1970; {@link
   *     Long#MAX_VALUE} for none
   */
  public KafkaSource<ConsumedRecord> deltas(long since) {
    return builder(topics.deltas(), RecordId.Source.DELTAS)
        .setStartingOffsets(OffsetsInitializer.timestamp(since))
        .setBounded(OffsetsInitializer.latest())
        .build();
  }

  /** What the job has decided about its stages; without state all of it, which counts no more. */
  public KafkaSource<ConsumedRecord> control() {
    return builder(topics.control(), RecordId.Source.CONTROL)
        .setStartingOffsets(OffsetsInitializer.earliest())
        .build();
  }

  /** How the sources' consumers fetch, for whoever measures what these alone can do. */
  public static Map<String, String> fetching() {
    return FETCHING;
  }

  private KafkaSourceBuilder<ConsumedRecord> builder(String topic, RecordId.Source source) {
    Properties properties = new Properties();
    properties.putAll(clientProperties);
    properties.putAll(FETCHING);
    return KafkaSource.<ConsumedRecord>builder()
        .setProperties(properties)
        .setTopics(topic)
        .setGroupId(topics.transactionalIdPrefix())
        .setClientIdPrefix(topics.transactionalIdPrefix() + "-" + topic)
        .setDeserializer(new ConsumedRecordDeserializer(source));
  }
}

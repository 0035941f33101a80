// SPDX-License-Identifier: Apache-2.0
package anabranch.client.topic;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * How to reach a Kafka cluster.
 *
 * @param bootstrapServers as {@code host:port}, separated by commas
 * @param properties of Kafka's clients beyond that: security, timeouts. What the protocol demands
 *     (committed reads, acknowledgement by all replicas) cannot be changed by them
 */
public record KafkaConnection(String bootstrapServers, Map<String, String> properties) {

  public KafkaConnection {
    properties = Map.copyOf(properties);
  }

  public KafkaConnection(String bootstrapServers) {
    this(bootstrapServers, Map.of());
  }

  /** A cluster that is away must not hold up whoever leaves. */
  static final CloseOptions CLOSE = CloseOptions.timeout(Duration.ofSeconds(2));

  // Kafka's own buffer of 64 KiB makes a download take twice the processor time.
  private static final String SYSTEM_SIZED = "-1";

  // Short enough to be told of an outage soon.
  private static final String PATIENCE_MILLIS = "15000";

  // One batch of records and hardly more: Kafka's own megabyte from each partition brings many
  // versions of small blocks that nobody asked for. A batch comes whole however large it is.
  private static final String ABOUT_A_BATCH = "16384";

  // While records of a partition wait here, no more of it are fetched.
  private static final String ONE = "1";

  KafkaConsumer<byte[], byte[]> openConsumer() {
    return openConsumer(common());
  }

  /**
   * A consumer for places here and there in large topics: it fetches little beyond the record that
   * it hands out, which is one at a time.
   */
  KafkaConsumer<byte[], byte[]> openSparingConsumer() {
    Map<String, Object> all = common();
    all.putIfAbsent(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, ABOUT_A_BATCH);
    all.putIfAbsent(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, ONE);
    return openConsumer(all);
  }

  private static KafkaConsumer<byte[], byte[]> openConsumer(Map<String, Object> all) {
    all.putIfAbsent(ConsumerConfig.RECEIVE_BUFFER_CONFIG, SYSTEM_SIZED);
    all.putIfAbsent(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS);
    all.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
    // An offset that is gone was compacted: what followed it is still wanted.
    all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    return new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** A producer that loses and repeats nothing while it lives. */
  public KafkaProducer<byte[], byte[]> openProducer() {
    return openProducer(Map.of());
  }

  KafkaProducer<byte[], byte[]> openProducer(Map<String, String> more) {
    Map<String, Object> all = common();
    all.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, PATIENCE_MILLIS);
    all.put(ProducerConfig.ACKS_CONFIG, "all");
    all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
    all.putAll(more);
    return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private Map<String, Object> common() {
    Map<String, Object> all = new HashMap<>(properties);
    all.put("bootstrap.servers", bootstrapServers);
    return all;
  }
}

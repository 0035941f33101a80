// SPDX-License-Identifier: Apache-2.0
package anabranch.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.protocol.Bytes;
import anabranch.protocol.Topics;
import anabranch.protocol.avro.Records;
import anabranch.protocol.message.ClientUpdate;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What lies on the updates topic, as soon as it lies there. */
final class SeenUpdates implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private record Part(String client, long round, int part) {}

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Map<Part, Bytes> bytes = new HashMap<>();
  private final Map<Part, ClientUpdate> updates = new HashMap<>();
  private long records;

  SeenUpdates(String bootstrapServers, Topics topics) {
    consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "isolation.level",
                "read_uncommitted",
                "fetch.max.wait.ms",
                "10"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        consumer.partitionsFor(topics.updates()).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /** Reads on until something holds. */
  void readUntil(String what, BooleanSupplier holds) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("waited in vain: " + what + ", seen are " + bytes.keySet());
      }
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(10))) {
        take(record.value());
      }
    }
  }

  /** What comes twice must be the same to the last byte. */
  private void take(byte[] value) throws Exception {
    ClientUpdate update = Records.decodeClientUpdate(value);
    Part part = new Part(update.clientId(), update.round(), update.part());
    Bytes before = bytes.putIfAbsent(part, Bytes.of(value));
    if (before != null) {
      assertThat(Bytes.of(value)).as("%s sent again", part).isEqualTo(before);
    }
    updates.put(part, update);
    records++;
  }

  /** Number of different parts of an update that have been seen. */
  int parts(String client, long round) {
    return whole(client, round).size();
  }

  /** Whether all parts of an update have been seen. */
  boolean isWhole(String client, long round) {
    List<ClientUpdate> parts = whole(client, round);
    return !parts.isEmpty() && parts.size() == parts.get(0).parts();
  }

  /** The parts of an update that have been seen. */
  List<ClientUpdate> whole(String client, long round) {
    return updates.values().stream()
        .filter(update -> update.clientId().equals(client) && update.round() == round)
        .toList();
  }

  /** Number of all records, those that came twice counted twice. */
  long records() {
    return records;
  }

  /** Number of different records. */
  int different() {
    return bytes.size();
  }

  @Override
  public void close() {
    consumer.close();
  }
}

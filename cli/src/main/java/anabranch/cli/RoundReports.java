// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import anabranch.protocol.Topics;
import anabranch.protocol.avro.Records;
import anabranch.protocol.message.RoundReport;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads round reports from their topic. */
final class RoundReports {

  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final Duration POLL = Duration.ofMillis(500);

  private RoundReports() {}

  /**
   * The newest committed reports, oldest first.
   *
   * @param count how many at most
   * @throws IllegalStateException if the topic is missing or cannot be read
   */
  static List<RoundReport> last(int count, Topics topics, Properties clientProperties) {
    Properties properties = new Properties();
    properties.putAll(clientProperties);
    properties.setProperty("isolation.level", "read_committed");
    properties.setProperty("enable.auto.commit", "false");
    properties.setProperty("default.api.timeout.ms", Long.toString(PATIENCE.toMillis()));
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      if (consumer.partitionsFor(topics.rounds()).isEmpty()) {
        throw new IllegalStateException(
            "topic '%s' does not exist: run './anabranch topics create' first"
                .formatted(topics.rounds()));
      }
      return last(count, consumer, new TopicPartition(topics.rounds(), 0));
    } catch (KafkaException e) {
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw new IllegalStateException(
          "cannot read '%s' on %s: %s"
              .formatted(
                  topics.rounds(),
                  properties.getProperty("bootstrap.servers"),
                  reason.getMessage()),
          e);
    }
  }

  /** Offsets are taken by transaction markers too, so how far back to begin is found by trying. */
  private static List<RoundReport> last(
      int count, KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition) {
    consumer.assign(List.of(partition));
    long beginning = consumer.beginningOffsets(List.of(partition)).get(partition);
    long end = consumer.endOffsets(List.of(partition)).get(partition);
    long distance = 4L * count;
    while (true) {
      long start = Math.max(beginning, end - distance);
      Deque<RoundReport> reports = read(consumer, partition, start, end, count);
      if (reports.size() == count || start == beginning) {
        return List.copyOf(reports);
      }
      distance *= 4;
    }
  }

  private static Deque<RoundReport> read(
      KafkaConsumer<byte[], byte[]> consumer,
      TopicPartition partition,
      long start,
      long end,
      int count) {
    Deque<RoundReport> newest = new ArrayDeque<>();
    consumer.seek(partition, start);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (consumer.position(partition) < end) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        newest.addLast(Records.decodeRoundReport(record.value()));
        if (newest.size() > count) {
          newest.removeFirst();
        }
      }
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "%s does not deliver what it has within %d s"
                .formatted(partition, PATIENCE.toSeconds()));
      }
    }
    return newest;
  }
}

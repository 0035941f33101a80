// SPDX-License-Identifier: Apache-2.0
package anabranch.client.topic;

import anabranch.client.link.Link;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** The newest committed records of a partition. */
final class TopicTail {

  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  // Transaction markers take offsets too, so how far back to begin is found by trying.
  private static final int FIRST_LOOK_BACK = 64;
  private static final int FURTHER = 8;

  private TopicTail() {}

  /**
   * Reads the newest records, oldest first, and leaves the consumer behind them.
   *
   * @param consumer to which the partition is assigned
   * @param count how many at most
   * @param downlink over which everything is read
   * @throws UnknownTopicOrPartitionException if there is no such topic
   * @throws TimeoutException if the cluster does not deliver what it has
   */
  static List<ConsumerRecord<byte[], byte[]>> read(
      KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition, int count, Link downlink) {
    if (consumer.partitionsFor(partition.topic()).isEmpty()) {
      throw new UnknownTopicOrPartitionException(
          "topic '%s' does not exist: run './anabranch topics create' first"
              .formatted(partition.topic()));
    }
    long first = consumer.beginningOffsets(List.of(partition)).get(partition);
    long end = consumer.endOffsets(List.of(partition)).get(partition);
    for (long back = FIRST_LOOK_BACK + count; ; back *= FURTHER) {
      long from = Math.max(first, end - back);
      Deque<ConsumerRecord<byte[], byte[]>> newest =
          read(consumer, partition, from, end, count, downlink);
      if (newest.size() == count || from == first) {
        return List.copyOf(newest);
      }
    }
  }

  private static Deque<ConsumerRecord<byte[], byte[]>> read(
      KafkaConsumer<byte[], byte[]> consumer,
      TopicPartition partition,
      long from,
      long end,
      int count,
      Link downlink) {
    Deque<ConsumerRecord<byte[], byte[]>> newest = new ArrayDeque<>();
    consumer.seek(partition, from);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (consumer.position(partition) < end) {
      for (ConsumerRecord<byte[], byte[]> record : Downlink.poll(consumer, POLL, downlink)) {
        newest.addLast(record);
        if (newest.size() > count) {
          newest.removeFirst();
        }
      }
      if (System.nanoTime() > deadline) {
        throw new TimeoutException(
            "%s does not deliver what it has within %d s"
                .formatted(partition, PATIENCE.toSeconds()));
      }
    }
    return newest;
  }
}

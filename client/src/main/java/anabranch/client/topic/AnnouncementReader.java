// SPDX-License-Identifier: Apache-2.0
package anabranch.client.topic;

import anabranch.protocol.Topics;
import anabranch.protocol.avro.Records;
import anabranch.protocol.message.Announcement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Follows {@code <f>.plans}: first the newest announcement, then each as it comes. Not safe for
 * several threads.
 */
public final class AnnouncementReader implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(200);
  // The newest announcement is near the end, behind it lie transaction markers only.
  private static final int FIRST_LOOK_BACK = 64;

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final TopicPartition partition;
  private boolean atHead;

  public AnnouncementReader(KafkaConnection connection, Topics topics) {
    this.consumer = connection.openConsumer();
    this.partition = new TopicPartition(topics.plans(), 0);
    consumer.assign(List.of(partition));
  }

  /**
   * The announcements that have come since the last call, in order; the first time only the newest
   * of all.
   *
   * @param patience how long to wait for one, at most
   * @return empty when there was none
   * @throws org.apache.kafka.common.KafkaException when the cluster cannot be read; calling again
   *     goes on where it stood
   */
  public List<Announcement> poll(Duration patience) {
    if (!atHead) {
      Announcement newest = readNewest();
      atHead = true;
      if (newest != null) {
        return List.of(newest);
      }
    }
    List<Announcement> announcements = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(patience)) {
      announcements.add(Records.decodeAnnouncement(record.value()));
    }
    return announcements;
  }

  /** Looks back from the end, further each time, until there is an announcement. */
  private Announcement readNewest() {
    long first = consumer.beginningOffsets(List.of(partition)).get(partition);
    long end = consumer.endOffsets(List.of(partition)).get(partition);
    for (long back = FIRST_LOOK_BACK; ; back *= 8) {
      long from = Math.max(first, end - back);
      consumer.seek(partition, from);
      Announcement newest = null;
      while (consumer.position(partition) < end) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          newest = Records.decodeAnnouncement(record.value());
        }
      }
      if (newest != null || from == first) {
        return newest;
      }
    }
  }

  @Override
  public void close() {
    consumer.close(KafkaConnection.CLOSE);
  }
}

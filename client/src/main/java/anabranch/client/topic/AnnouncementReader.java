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
      List<ConsumerRecord<byte[], byte[]>> newest = TopicTail.read(consumer, partition, 1);
      atHead = true;
      if (!newest.isEmpty()) {
        return List.of(Records.decodeAnnouncement(newest.get(0).value()));
      }
    }
    List<Announcement> announcements = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(patience)) {
      announcements.add(Records.decodeAnnouncement(record.value()));
    }
    return announcements;
  }

  @Override
  public void close() {
    consumer.close(KafkaConnection.CLOSE);
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.client.topic;

import anabranch.client.link.Bandwidth;
import anabranch.client.link.Link;
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
 * Follows {@code <f>.plans}: first the newest announcements, then each as it comes. Not safe for
 * several threads.
 */
public final class AnnouncementReader implements AutoCloseable {

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Link downlink;
  private final int lookBack;
  private final TopicPartition partition;
  private boolean atHead;

  /** Begins with the newest announcement, on a line that is not narrowed. */
  public AnnouncementReader(KafkaConnection connection, Topics topics) {
    this(connection, topics, new Link(Bandwidth.UNLIMITED), 1);
  }

  /**
   * @param downlink over which everything is read
   * @param lookBack with how many of the newest announcements to begin, at most; {@link
   *     Announcement#RING} are kept
   */
  public AnnouncementReader(
      KafkaConnection connection, Topics topics, Link downlink, int lookBack) {
    this.consumer = connection.openConsumer();
    this.downlink = downlink;
    this.lookBack = lookBack;
    this.partition = new TopicPartition(topics.plans(), 0);
    consumer.assign(List.of(partition));
  }

  /**
   * The announcements that have come since the last call, in order; the first time the newest that
   * are there.
   *
   * @param patience how long to wait for one, at most
   * @return empty when there was none
   * @throws org.apache.kafka.common.KafkaException when the cluster cannot be read; calling again
   *     goes on where it stood
   */
  public List<Announcement> poll(Duration patience) {
    if (!atHead) {
      List<ConsumerRecord<byte[], byte[]>> newest =
          TopicTail.read(consumer, partition, lookBack, downlink);
      atHead = true;
      if (!newest.isEmpty()) {
        return newest.stream().map(record -> Records.decodeAnnouncement(record.value())).toList();
      }
    }
    List<Announcement> announcements = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : Downlink.poll(consumer, patience, downlink)) {
      announcements.add(Records.decodeAnnouncement(record.value()));
    }
    return announcements;
  }

  @Override
  public void close() {
    consumer.close(KafkaConnection.CLOSE);
  }
}

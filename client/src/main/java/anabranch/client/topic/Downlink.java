// SPDX-License-Identifier: Apache-2.0
package anabranch.client.topic;

import anabranch.client.link.Link;
import anabranch.client.link.StoredRecord;
import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.InterruptException;

/** Reading over a client's line. */
final class Downlink {

  private Downlink() {}

  /**
   * Polls, and returns when the records have gone over the line.
   *
   * @throws InterruptException if interrupted; calling again goes on behind these records
   */
  static ConsumerRecords<byte[], byte[]> poll(
      KafkaConsumer<byte[], byte[]> consumer, Duration patience, Link line) {
    ConsumerRecords<byte[], byte[]> records = consumer.poll(patience);
    long bytes = 0;
    for (ConsumerRecord<byte[], byte[]> record : records) {
      bytes += StoredRecord.bytes(record.key(), record.value());
    }
    try {
      line.carry(bytes);
      return records;
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }
}

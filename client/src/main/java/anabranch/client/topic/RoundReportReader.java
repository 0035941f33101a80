// SPDX-License-Identifier: Apache-2.0
package anabranch.client.topic;

import anabranch.client.link.Bandwidth;
import anabranch.client.link.Link;
import anabranch.protocol.Topics;
import anabranch.protocol.avro.Records;
import anabranch.protocol.message.RoundReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads round reports: the newest that are there, or each as it comes. Not safe for several
 * threads.
 */
public final class RoundReportReader implements AutoCloseable {

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final TopicPartition partition;

  /** A reader that begins with the first report. */
  public RoundReportReader(KafkaConnection connection, Topics topics) {
    partition = new TopicPartition(topics.rounds(), 0);
    consumer = connection.openConsumer();
    consumer.assign(List.of(partition));
    consumer.seekToBeginning(List.of(partition));
  }

  /**
   * The newest reports, oldest first; {@link #poll} goes on behind them.
   *
   * @param count how many at most
   * @throws org.apache.kafka.common.KafkaException if the topic is missing or cannot be read
   */
  public List<RoundReport> newest(int count) {
    return TopicTail.read(consumer, partition, count, new Link(Bandwidth.UNLIMITED)).stream()
        .map(record -> Records.decodeRoundReport(record.value()))
        .toList();
  }

  /**
   * The reports that have come since the last call, in order.
   *
   * @param patience how long to wait for one, at most
   */
  public List<RoundReport> poll(Duration patience) {
    List<RoundReport> reports = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(patience)) {
      reports.add(Records.decodeRoundReport(record.value()));
    }
    return reports;
  }

  @Override
  public void close() {
    consumer.close(KafkaConnection.CLOSE);
  }
}

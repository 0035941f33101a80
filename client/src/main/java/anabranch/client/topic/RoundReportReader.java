// SPDX-License-Identifier: Apache-2.0
package anabranch.client.topic;

import anabranch.protocol.Topics;
import anabranch.protocol.avro.Records;
import anabranch.protocol.message.RoundReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Follows {@code <f>.rounds} from its beginning. Not safe for several threads. */
public final class RoundReportReader implements AutoCloseable {

  private final KafkaConsumer<byte[], byte[]> consumer;

  public RoundReportReader(KafkaConnection connection, Topics topics) {
    TopicPartition partition = new TopicPartition(topics.rounds(), 0);
    consumer = connection.openConsumer();
    consumer.assign(List.of(partition));
    consumer.seekToBeginning(List.of(partition));
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

// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.pipeline;

import anabranch.bench.testbed.BenchFederation;
import anabranch.protocol.avro.UpdateParts;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.message.ClientUpdate;
import anabranch.protocol.message.Plan;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Puts all updates of a round into the log in one transaction. The job reads committed records
 * only, so it sees nothing until all of them lie there, and no producer is at work while it reads.
 */
final class RoundLog implements AutoCloseable {

  /**
   * Where a round lies.
   *
   * @param from first offset of each partition
   * @param to offset behind the last record
   * @param bytes of the records' values
   */
  record Stretch(Map<TopicPartition, Long> from, Map<TopicPartition, Long> to, long bytes) {}

  /** A part and who sends it. */
  private record Outgoing(int client, ClientUpdate part) {}

  private final BenchFederation federation;
  private final PartsOrder order;
  private final KafkaProducer<byte[], byte[]> producer;

  RoundLog(BenchFederation federation, PartsOrder order) {
    this.federation = federation;
    this.order = order;
    Map<String, Object> properties = new HashMap<>();
    properties.put(
        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, federation.connection().bootstrapServers());
    properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "bench-log");
    properties.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 600_000);
    properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 128 << 20);
    properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    producer.initTransactions();
  }

  /**
   * Writes the answers of a plan's clients and leaves them uncommitted.
   *
   * @param segments of every client's update
   */
  Stretch write(Plan plan, int clients, List<SegmentUpdate> segments) {
    List<Outgoing> outgoing = new ArrayList<>();
    for (int client = 0; client < clients; client++) {
      int sender = client;
      UpdateParts.split(BenchFederation.answer(plan, client, segments))
          .forEach(part -> outgoing.add(new Outgoing(sender, part)));
    }
    if (order == PartsOrder.RANDOM) {
      Collections.shuffle(outgoing, new Random(plan.round()));
    }
    Map<TopicPartition, Long> from = new HashMap<>();
    Map<TopicPartition, Long> to = new HashMap<>();
    long bytes = 0;
    producer.beginTransaction();
    for (Outgoing next : outgoing) {
      ProducerRecord<byte[], byte[]> record = federation.record(next.client(), next.part());
      bytes += record.value().length;
      producer.send(
          record,
          (written, failure) -> {
            if (failure == null) {
              TopicPartition partition = new TopicPartition(written.topic(), written.partition());
              from.merge(partition, written.offset(), Math::min);
              to.merge(partition, written.offset() + 1, Math::max);
            }
          });
    }
    producer.flush();
    return new Stretch(from, to, bytes);
  }

  /** Lets the job see what was written. Fails if any of it was not. */
  void commit() {
    producer.commitTransaction();
  }

  @Override
  public void close() {
    producer.close();
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.client.round;

import anabranch.client.link.Link;
import anabranch.client.link.StoredRecord;
import anabranch.client.state.EncodedParts;
import anabranch.protocol.Topics;
import anabranch.protocol.avro.Records;
import anabranch.protocol.message.ClientCheckIn;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a participant writes: check-ins and updates, under the key of its id. */
final class Uplink implements UpdateSender, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Participant.class);
  private static final Duration PATIENCE_AT_CLOSE = Duration.ofSeconds(2);

  private final KafkaProducer<byte[], byte[]> producer;
  private final Link line;
  private final Topics topics;
  private final byte[] key;

  Uplink(ParticipantSettings settings, Link line) {
    this.line = line;
    this.producer = settings.connection().openProducer();
    this.topics = settings.topics();
    this.key = settings.clientId().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Returns when the cluster has acknowledged the check-in.
   *
   * @throws KafkaException if it did not
   */
  void send(ClientCheckIn checkIn) throws InterruptedException {
    await(handOver(topics.clients(), Records.encode(checkIn)));
  }

  @Override
  public long send(EncodedParts parts) throws InterruptedException {
    List<Future<?>> acknowledged = new ArrayList<>();
    long bytes = 0;
    for (int part = 0; part < parts.count(); part++) {
      byte[] value = parts.part(part);
      acknowledged.add(handOver(topics.updates(), value));
      bytes += value.length;
    }
    for (Future<?> part : acknowledged) {
      await(part);
    }
    return bytes;
  }

  /** A record is sent when the last of its bytes has left. */
  private Future<?> handOver(String topic, byte[] value) throws InterruptedException {
    line.carry(StoredRecord.bytes(key, value));
    return producer.send(new ProducerRecord<>(topic, key, value));
  }

  /** Tries to say good-bye, for a moment; closing breaks the attempt off. */
  void sendLast(ClientCheckIn checkIn) throws InterruptedException {
    // The producer's own send may wait long for a cluster that is away, so it gets its own thread.
    Thread farewell =
        new Thread(
            () -> {
              try {
                send(checkIn);
              } catch (KafkaException | InterruptedException e) {
                LOG.debug("left without a good-bye", e);
              }
            },
            Thread.currentThread().getName() + "-farewell");
    farewell.setDaemon(true);
    farewell.start();
    farewell.join(PATIENCE_AT_CLOSE.toMillis());
  }

  private static void await(Future<?> acknowledged) throws InterruptedException {
    try {
      acknowledged.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof KafkaException cause) {
        throw cause;
      }
      throw new KafkaException(e.getCause());
    }
  }

  @Override
  public void close() {
    producer.close(PATIENCE_AT_CLOSE);
  }
}

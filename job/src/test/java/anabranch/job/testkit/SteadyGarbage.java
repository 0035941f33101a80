// SPDX-License-Identifier: Apache-2.0
package anabranch.job.testkit;

import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Random bytes on the updates topic, hundreds of records a second: the job reports each, so it
 * always has a transaction open.
 */
public final class SteadyGarbage implements AutoCloseable {

  private static final int BYTES = 100;
  private static final long PAUSE_MILLIS = 2;

  private final AtomicLong sent = new AtomicLong();
  private final Thread sender;

  /** Begins. */
  public SteadyGarbage(TestFederation federation, long seed) {
    sender = new Thread(() -> send(federation, new SplittableRandom(seed)), "steady-garbage");
    sender.start();
  }

  private void send(TestFederation federation, SplittableRandom random) {
    try (KafkaProducer<byte[], byte[]> producer = federation.producer(Map.of())) {
      while (!Thread.currentThread().isInterrupted()) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        producer.send(new ProducerRecord<>(federation.topics().updates(), bytes));
        sent.incrementAndGet();
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (InterruptedException e) {
      // It was told to end.
    }
  }

  /** Records so far. */
  public long sent() {
    return sent.get();
  }

  @Override
  public void close() {
    sender.interrupt();
    try {
      sender.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

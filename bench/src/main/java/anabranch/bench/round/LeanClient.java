// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.round;

import anabranch.bench.testbed.BenchFederation;
import anabranch.client.topic.AnnouncementReader;
import anabranch.protocol.avro.UpdateParts;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.ClientUpdate;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.producer.KafkaProducer;

/**
 * A client that does what the protocol asks and nothing else: it follows the plans, reads each
 * version of the model and sends an update that was prepared. It trains nothing and checks no
 * digest.
 */
final class LeanClient implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(500);
  private static final int LEAVE_MILLIS = 10_000;

  private final BenchFederation federation;
  private final int number;
  private final List<SegmentUpdate> update;
  private final Thread thread;
  private volatile boolean leaving;

  /**
   * @param number of the client
   * @param update that it sends in every round
   */
  LeanClient(BenchFederation federation, int number, List<SegmentUpdate> update) {
    this.federation = federation;
    this.number = number;
    this.update = update;
    thread = new Thread(this::follow, BenchFederation.clientId(number));
    thread.setDaemon(true);
    thread.start();
  }

  private void follow() {
    try (AnnouncementReader plans =
            new AnnouncementReader(federation.connection(), federation.topics());
        ModelDownload model = new ModelDownload(federation);
        KafkaProducer<byte[], byte[]> producer = federation.connection().openProducer()) {
      while (!leaving) {
        for (Announcement announcement : plans.poll(POLL)) {
          if (announcement.plan() != null) {
            model.read(announcement.blocks().get(0).version(), () -> leaving);
            for (ClientUpdate part :
                UpdateParts.split(BenchFederation.answer(announcement.plan(), number, update))) {
              producer.send(federation.record(number, part));
            }
          }
        }
      }
    }
  }

  @Override
  public void close() {
    leaving = true;
    try {
      thread.join(LEAVE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.federation;

import anabranch.client.fleet.FleetClient;
import anabranch.client.fleet.FleetSettings;
import anabranch.client.link.StoredRecord;
import anabranch.client.model.ModelDefinition;
import anabranch.client.topic.ModelCopy;
import anabranch.client.topic.VersionZero;
import anabranch.job.config.FederationConfig;
import anabranch.protocol.avro.Records;
import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.BlockVersion;
import anabranch.protocol.message.RoundReport;
import anabranch.protocol.model.ModelManifest;
import anabranch.udf.message.Publication;
import anabranch.udf.round.FederationPolicy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A federation in one thread: every record that clients and job would write is made, counted and
 * read, and none goes through Kafka or Flink.
 */
public final class InProcessFederation {

  /** Some moment: records with it are as long as those of today. */
  private static final long NOW = 1_767_225_600_000L;

  private final FederationConfig config;
  private final ModelManifest manifest;
  private final List<InProcessClient> clients = new ArrayList<>();
  private final PublishedModel model = new PublishedModel();
  private final ModelCopy newest = new ModelCopy(model.new Reader());
  private final Queue<Publication> announcements = new ArrayDeque<>();
  private final InProcessJob job;
  private long version;
  private long slowestUplinkBytes;
  private long payloadBytes;

  /** Of the last round that ended. */
  private RoundReport report;

  /**
   * @param config of the federation; it has a limit of rounds, and names no broker that is asked
   * @param definition of the model
   * @param weights of version 0, flat vectors by block index
   * @param members the clients
   */
  public InProcessFederation(
      FederationConfig config,
      ModelDefinition definition,
      List<float[]> weights,
      List<FleetClient> members) {
    this.config = config;
    this.manifest = definition.manifest(config.modelRing());
    int partitions = config.kafka().partitions().model();
    List<ProducerRecord<byte[], byte[]>> written = new ArrayList<>();
    Announcement head =
        VersionZero.write(config.topics(), partitions, manifest, weights, NOW, written::add);
    job =
        new InProcessJob(
            manifest, config.policy(FederationPolicy.AUTO_HOLD_BUDGET), partitions, head, NOW);
    for (ProducerRecord<byte[], byte[]> record : written) {
      if (record.topic().equals(config.topics().model())) {
        model.put(record.key(), record.value());
        publish(job.model(record.key(), record.value()));
      }
    }
    for (FleetClient client : members) {
      clients.add(
          new InProcessClient(
              config.federation(),
              FleetSettings.clientId(clients.size()),
              client,
              model,
              (key, value) -> publish(job.update(key, value))));
    }
  }

  /**
   * Runs all rounds.
   *
   * @param completed is told of each that made a version
   * @throws DivergedException if a client cannot train or a record is refused
   */
  public void run(Consumer<CompletedRound> completed) throws InterruptedException {
    for (InProcessClient client : clients) {
      client.checkIn((key, value) -> publish(job.checkIn(key, value)));
    }
    Announcement.State state = Announcement.State.RUNNING;
    while (state == Announcement.State.RUNNING) {
      Publication record = announcements.poll();
      if (record == null) {
        throw new IllegalStateException(
            "the round after version %d does not close: an update was not taken"
                .formatted(version));
      }
      Announcement announcement = Records.decodeAnnouncement(record.value());
      state = announcement.state();
      long bytes = StoredRecord.bytes(record.key(), record.value());
      clients.forEach(client -> client.take(announcement, bytes));
      if (announcement.modelVersion() > version) {
        version = announcement.modelVersion();
        completed.accept(round(announcement));
      }
      long slowest = 0;
      for (InProcessClient client : clients) {
        long before = client.uplinkBytes();
        client.advance();
        slowest = Math.max(slowest, client.uplinkBytes() - before);
      }
      slowestUplinkBytes += slowest;
    }
  }

  /** Index and value bytes of all updates that were folded so far. */
  public long payloadBytes() {
    return payloadBytes;
  }

  /** What all clients have read of announcements so far, as stored records. */
  public long announcementBytes() {
    return clients.stream().mapToLong(InProcessClient::announcementBytes).sum();
  }

  private CompletedRound round(Announcement announcement) {
    return new CompletedRound(
        version,
        manifest,
        newest.bringUpToDate(
            announcement, announcement.blocks().stream().map(BlockVersion::block).toList()),
        clients.stream().mapToLong(InProcessClient::uplinkBytes).sum(),
        clients.stream().mapToLong(InProcessClient::downlinkBytes).sum(),
        slowestUplinkBytes,
        report);
  }

  private void publish(List<Publication> published) {
    for (Publication record : published) {
      switch (record.topic()) {
        case MODEL -> model.put(record.key(), record.value());
        case DELTAS -> model.putChange(record.value());
        case PLANS -> announcements.add(record);
        case CONTROL -> publish(job.control(record.key(), record.value()));
        case ROUNDS -> {
          report = Records.decodeRoundReport(record.value());
          payloadBytes += report.payloadBytes();
        }
        case REJECTED -> throw new IllegalStateException("a record was rejected");
      }
    }
  }
}

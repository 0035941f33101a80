// SPDX-License-Identifier: Apache-2.0
package anabranch.cli.size;

import anabranch.client.link.StoredRecord;
import anabranch.job.config.KafkaConfig;
import anabranch.protocol.message.Announcement;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Segment;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Bytes that a round moves through Kafka, as they lie in its log. */
final class RoundTraffic {

  private static final int ROUND_DIGITS = 4;

  private final Workload workload;
  private final SampleRecords samples;
  private final long manifest;
  private final List<Long> parts;

  /**
   * @throws IllegalArgumentException if the model has too many segments for the protocol
   */
  RoundTraffic(Workload workload) {
    this.workload = workload;
    this.samples = new SampleRecords(workload);
    this.manifest = StoredRecord.bytes(ModelManifest.KEY.length(), samples.manifest());
    this.parts = samples.update();
  }

  /** k, the records of an update. */
  int records() {
    return parts.size();
  }

  /** Bytes of the largest record of an update, without its key. */
  long largestRecord() {
    return parts.stream().mapToLong(Long::longValue).max().orElseThrow();
  }

  /** u, an update in the log. */
  long update() {
    return parts.stream().mapToLong(p -> StoredRecord.bytes(workload.idLength(), p)).sum();
  }

  /** m, what a completed round publishes of the model. */
  long version() {
    return stored(workload.trainedSegments());
  }

  /** d, what leads from the version before to the new one; 0 where versions travel whole. */
  long changes() {
    return changes(workload.trainedSegments());
  }

  /** The same of all blocks. */
  long wholeChanges() {
    return changes(workload.manifest().segments());
  }

  private long changes(List<Segment> segments) {
    return workload
        .downlink()
        .map(
            downlink ->
                segments.stream()
                    .mapToLong(
                        segment ->
                            StoredRecord.bytes(
                                StoredRecord.ABSENT, samples.change(segment, downlink.encoding())))
                    .sum())
        .orElse(0L);
  }

  /** One version of all blocks, with the manifest. */
  long wholeModel() {
    return manifest() + stored(workload.manifest().segments());
  }

  /** The manifest, which is written once. */
  long manifest() {
    return manifest;
  }

  private long stored(List<Segment> segments) {
    return segments.stream()
        .mapToLong(
            segment ->
                StoredRecord.bytes(
                    workload.manifest().ringKey(segment, 0).length(), samples.version(segment)))
        .sum();
  }

  /** a, the announcement that closes a round and opens the next. */
  long announcement() {
    String key = "announcement/" + (Announcement.RING - 1);
    return StoredRecord.bytes(
        key.getBytes(StandardCharsets.UTF_8).length, samples.announcement(true));
  }

  /** r, the report of a round. */
  long report() {
    return StoredRecord.bytes(ROUND_DIGITS, samples.report());
  }

  /** c, a check-in. */
  long checkIn() {
    return StoredRecord.bytes(workload.idLength(), samples.checkIn());
  }

  /** The ends of the transactions of a round, in each partition that it touches. */
  long markers() {
    KafkaConfig.Partitions partitions = workload.config().kafka().partitions();
    long model = touched(partitions.model()) / workload.versionsToWhole();
    long deltas = workload.downlink().isPresent() ? touched(partitions.deltas()) : 0;
    // Those of plans and rounds are the two others.
    return StoredRecord.MARKER * (model + deltas + 2);
  }

  private long touched(int partitions) {
    return workload.trainedSegments().stream()
        .map(segment -> segment.index() % partitions)
        .distinct()
        .count();
  }

  /** What all clients of a cohort write in a round. */
  long up() {
    return workload.drawn() * update();
  }

  /** What the job writes in a round, on average. */
  long published() {
    return changes()
        + version() / workload.versionsToWhole()
        + announcement()
        + report()
        + markers();
  }

  /** What the job writes in a round whose version is published whole. */
  long publishedMost() {
    return changes() + version() + announcement() + report() + markers();
  }

  /** What one client reads in a round if it takes part in every one. */
  long downToOne() {
    return (workload.downlink().isPresent() ? changes() : version()) + announcement();
  }

  /** What a client without a model reads, at most: whole versions, and the changes since. */
  long downToNew() {
    return wholeModel() + (workload.versionsToWhole() - 1) * wholeChanges() + announcement();
  }

  /** What all clients read: those that were drawn what has changed, every one the announcement. */
  long downToAll() {
    return workload.drawn() * changed() + workload.clients() * announcement();
  }

  /** Of the model, since a client was drawn last, which is N/D rounds ago on average. */
  private long changed() {
    long rounds = (workload.clients() + workload.drawn() - 1L) / workload.drawn();
    long whole = Math.min(Math.min(rounds, workload.stages()) * version(), wholeModel());
    if (workload.downlink().isEmpty()) {
      return whole;
    }
    // On average the newest whole version is half of the way to the next one old.
    long since = Math.min(rounds, workload.stages() * (workload.versionsToWhole() - 1) / 2);
    return Math.min(rounds * changes(), whole + since * changes());
  }
}

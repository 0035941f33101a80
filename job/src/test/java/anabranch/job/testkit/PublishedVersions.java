// SPDX-License-Identifier: Apache-2.0
package anabranch.job.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.protocol.Topics;
import anabranch.protocol.avro.Records;
import anabranch.protocol.codec.DecodedSegment;
import anabranch.protocol.codec.MalformedUpdateException;
import anabranch.protocol.codec.Reference;
import anabranch.protocol.codec.SegmentDecoder;
import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.BlockVersion;
import anabranch.protocol.message.ModelDelta;
import anabranch.protocol.message.ModelSegment;
import anabranch.protocol.message.RejectedRecord;
import anabranch.protocol.message.RoundReport;
import anabranch.protocol.model.Digest;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Segment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Everything that a reader of committed records finds on a federation's output topics. Reading
 * fails if a version has two contents, or an announcement names a digest that its segments do not
 * have, be they whole on the model topic or made from an older version and the changes since.
 */
public final class PublishedVersions {

  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ModelManifest manifest;
  private final TreeMap<Long, TreeMap<Integer, float[]>> values = new TreeMap<>();
  private final TreeMap<Long, TreeMap<Integer, Digest>> digests = new TreeMap<>();
  private final List<Announcement> announcements = new ArrayList<>();
  private final List<RoundReport> reports = new ArrayList<>();
  private final List<RejectedRecord> rejected = new ArrayList<>();

  private final TreeMap<Integer, TreeMap<Long, ModelDelta>> deltas = new TreeMap<>();
  private long wholeBytes;
  private long deltaBytes;

  private PublishedVersions(ModelManifest manifest) {
    this.manifest = manifest;
  }

  /** Reads all output topics from the start to the last stable offset. */
  public static PublishedVersions read(TestFederation federation) {
    try (KafkaConsumer<byte[], byte[]> consumer = federation.consumer("read_committed")) {
      return read(consumer, federation.topics(), federation.model().manifest());
    }
  }

  /**
   * Reads all output topics of a federation from the start to the last stable offset.
   *
   * @param consumer of committed records
   */
  public static PublishedVersions read(
      KafkaConsumer<byte[], byte[]> consumer, Topics topics, ModelManifest manifest) {
    PublishedVersions read = new PublishedVersions(manifest);
    // Plans first: what they name lies on the model topic by then.
    forEach(
        consumer,
        topics.plans(),
        r -> read.announcements.add(Records.decodeAnnouncement(r.value())));
    forEach(consumer, topics.model(), read::take);
    forEach(consumer, topics.deltas(), read::takeDelta);
    read.announcements.forEach(read::rebuild);
    forEach(consumer, topics.rounds(), r -> read.reports.add(Records.decodeRoundReport(r.value())));
    forEach(
        consumer,
        topics.rejected(),
        r -> read.rejected.add(Records.decodeRejectedRecord(r.value())));
    read.announcements.forEach(read::demandAnnouncedContent);
    return read;
  }

  private static void forEach(
      KafkaConsumer<byte[], byte[]> consumer,
      String topic,
      Consumer<ConsumerRecord<byte[], byte[]>> action) {
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(p -> new TopicPartition(topic, p.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    var end = consumer.endOffsets(partitions);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (partitions.stream().anyMatch(p -> consumer.position(p) < end.get(p))) {
      consumer.poll(POLL).forEach(action);
      if (System.nanoTime() > deadline) {
        throw new AssertionError("%s cannot be read up to %s".formatted(topic, end));
      }
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    String key = new String(record.key(), StandardCharsets.UTF_8);
    if (key.equals(ModelManifest.KEY)) {
      return;
    }
    ModelSegment read = Records.decodeModelSegment(record.value());
    wholeBytes += record.serializedValueSize();
    Segment segment = manifest.segments().get(read.segment());
    assertThat(key).isEqualTo(manifest.ringKey(segment, read.version()));
    Digest digest =
        Digest.ofContent(read.values().array(), read.values().offset(), read.values().length());
    Digest before =
        digests
            .computeIfAbsent(read.version(), v -> new TreeMap<>())
            .putIfAbsent(read.segment(), digest);
    assertThat(digest)
        .as("version %d of segment %d has one content", read.version(), read.segment())
        .isEqualTo(before == null ? digest : before);
    values
        .computeIfAbsent(read.version(), v -> new TreeMap<>())
        .put(read.segment(), RecordedValues.float32(read.values()));
  }

  private void takeDelta(ConsumerRecord<byte[], byte[]> record) {
    ModelDelta read = Records.decodeModelDelta(record.value());
    assertThat(record.key()).isNull();
    deltaBytes += record.serializedValueSize();
    ModelDelta before =
        deltas
            .computeIfAbsent(read.segment(), s -> new TreeMap<>())
            .putIfAbsent(read.version(), read);
    assertThat(read)
        .as("change to version %d of segment %d has one content", read.version(), read.segment())
        .isEqualTo(before == null ? read : before);
  }

  /** Makes the values of what was announced and is not whole on the model topic. */
  private void rebuild(Announcement announcement) {
    for (BlockVersion block : announcement.blocks()) {
      for (Segment segment : manifest.segmentsOf(block.block())) {
        if (!isThere(segment, block.version())) {
          rebuild(segment, block.version());
        }
      }
    }
  }

  private boolean isThere(Segment segment, long version) {
    return values.containsKey(version) && values.get(version).containsKey(segment.index());
  }

  private void rebuild(Segment segment, long version) {
    ModelDelta delta = deltas.getOrDefault(segment.index(), new TreeMap<>()).get(version);
    assertThat(delta)
        .as("version %d of segment %d is whole or follows another", version, segment.index())
        .isNotNull();
    if (!isThere(segment, delta.fromVersion())) {
      rebuild(segment, delta.fromVersion());
    }
    float[] next = values.get(delta.fromVersion()).get(segment.index()).clone();
    DecodedSegment change = new DecodedSegment();
    try {
      SegmentDecoder.decode(delta.change(), segment.length(), SegmentDecoder.EVERY_FINITE, change);
    } catch (MalformedUpdateException e) {
      throw new AssertionError(delta + " cannot be read", e);
    }
    for (int i = 0; i < change.count(); i++) {
      int element = change.dense() ? i : change.indices()[i];
      boolean added = delta.change().reference() == Reference.DELTA;
      next[element] = added ? next[element] + change.values()[i] : change.values()[i];
    }
    ByteBuffer bytes =
        ByteBuffer.allocate(next.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(next);
    values.computeIfAbsent(version, v -> new TreeMap<>()).put(segment.index(), next);
    digests
        .computeIfAbsent(version, v -> new TreeMap<>())
        .put(segment.index(), Digest.ofContent(bytes.array(), 0, bytes.capacity()));
  }

  private void demandAnnouncedContent(Announcement announcement) {
    for (BlockVersion block : announcement.blocks()) {
      assertThat(block(block.block(), block.version()))
          .as(
              "digest of block %d version %d in announcement %d",
              block.block(), block.version(), announcement.sequence())
          .isEqualTo(block.digest());
    }
  }

  private Digest block(int block, long version) {
    List<Digest> segments = new ArrayList<>();
    for (Segment segment : manifest.segmentsOf(block)) {
      Digest digest = digests.getOrDefault(version, new TreeMap<>()).get(segment.index());
      assertThat(digest)
          .as("version %d of segment %d is published", version, segment.index())
          .isNotNull();
      segments.add(digest);
    }
    return Digest.ofBlock(segments);
  }

  /** One SHA-256 for each announced version of each block, by {@code block/version}. */
  public TreeMap<String, String> hashes() {
    TreeMap<String, String> hashes = new TreeMap<>();
    for (Announcement announcement : announcements) {
      for (BlockVersion block : announcement.blocks()) {
        hashes.put("%d/%03d".formatted(block.block(), block.version()), block.digest().toHex());
      }
    }
    return hashes;
  }

  /** Ids of all plans, in their order. */
  public List<Long> planIds() {
    return announcements.stream()
        .filter(a -> a.plan() != null)
        .map(a -> a.plan().planId())
        .distinct()
        .toList();
  }

  /** The values of a segment after so many completed rounds. */
  public float[] values(Segment segment, long modelVersion) {
    Announcement announcement =
        announcements.stream()
            .filter(a -> a.modelVersion() == modelVersion)
            .findFirst()
            .orElseThrow();
    long version = announcement.blocks().get(segment.block()).version();
    return values.get(version).get(segment.index());
  }

  /** Bytes of the values on the model topic, the manifest left out. */
  public long wholeBytes() {
    return wholeBytes;
  }

  /** Bytes of the values on the deltas topic. */
  public long deltaBytes() {
    return deltaBytes;
  }

  public List<Announcement> announcements() {
    return announcements;
  }

  public List<RoundReport> reports() {
    return reports;
  }

  public List<RejectedRecord> rejected() {
    return rejected;
  }
}

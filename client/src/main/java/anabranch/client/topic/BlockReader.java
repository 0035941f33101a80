// SPDX-License-Identifier: Apache-2.0
package anabranch.client.topic;

import anabranch.client.link.Link;
import anabranch.protocol.avro.Records;
import anabranch.protocol.message.BlockVersion;
import anabranch.protocol.message.ModelSegment;
import anabranch.protocol.model.Digest;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Segment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads the manifest and announced versions of blocks from {@code <f>.model}, from the moment they
 * were published and no further than needed. Not safe for several threads.
 */
final class BlockReader {

  private static final Duration POLL = Duration.ofMillis(200);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final String topic;
  private final Link downlink;

  /**
   * @param consumer of committed records, whose assignment is changed
   * @param topic of the model
   */
  BlockReader(KafkaConsumer<byte[], byte[]> consumer, String topic, Link downlink) {
    this.consumer = consumer;
    this.downlink = downlink;
    this.topic = topic;
  }

  /**
   * @param expected digest that the announcement gives
   * @throws ModelIncompleteException if no such manifest is on the topic
   */
  ModelManifest readManifest(Digest expected) {
    Set<TopicPartition> partition = Set.of(new TopicPartition(topic, ModelManifest.PARTITION));
    assign(partition);
    consumer.seekToBeginning(partition);
    Map<TopicPartition, Long> end = consumer.endOffsets(partition);
    while (isBefore(end)) {
      for (ConsumerRecord<byte[], byte[]> record : Downlink.poll(consumer, POLL, downlink)) {
        if (Arrays.equals(record.key(), ModelManifest.KEY.getBytes(StandardCharsets.UTF_8))
            && Digest.ofContent(record.value(), 0, record.value().length).equals(expected)) {
          return Records.decodeModelManifest(record.value());
        }
      }
    }
    throw new ModelIncompleteException(
        "%s has no manifest with the announced digest %s; is it the topic of this federation?"
            .formatted(topic, expected));
  }

  /**
   * @param versions of different blocks; one without a digest is taken as it is
   * @return flat vectors by block index
   * @throws ModelIncompleteException if a segment is missing or a block's digest differs
   */
  Map<Integer, float[]> read(ModelManifest manifest, Collection<BlockVersion> versions) {
    Map<Integer, float[]> vectors = new HashMap<>();
    versions.stream()
        .collect(Collectors.groupingBy(BlockVersion::publishedAt))
        .forEach((time, published) -> vectors.putAll(readPublished(manifest, time, published)));
    return vectors;
  }

  private Map<Integer, float[]> readPublished(
      ModelManifest manifest, long time, List<BlockVersion> versions) {
    PendingBlocks pending = new PendingBlocks(manifest, versions);
    int partitions = consumer.partitionsFor(topic).size();
    Map<TopicPartition, Set<Integer>> missing =
        pending.segments().stream()
            .collect(
                Collectors.groupingBy(
                    segment ->
                        new TopicPartition(topic, ModelLayout.partition(segment, partitions)),
                    Collectors.mapping(Segment::index, Collectors.toSet())));
    Map<TopicPartition, Long> times =
        missing.keySet().stream().collect(Collectors.toMap(partition -> partition, p -> time));
    assign(times.keySet());
    Map<TopicPartition, Long> end = consumer.endOffsets(times.keySet());
    Map<TopicPartition, OffsetAndTimestamp> start = consumer.offsetsForTimes(times);
    end.forEach(
        (partition, last) -> {
          OffsetAndTimestamp found = start.get(partition);
          consumer.seek(partition, found == null ? last : found.offset());
        });
    boolean sparing = true;
    // What was found is hashed once nothing is missing, and not at every record before.
    while (isAnyMissing(missing) || !pending.isWhole()) {
      if (sparing && !isAnyMissing(missing)) {
        // All that was found is not what was announced, so that lies further on.
        sparing = false;
        consumer.resume(consumer.paused());
      }
      if (!isBefore(end)) {
        throw new ModelIncompleteException(topic + ": " + pending.describeMissing());
      }
      for (ConsumerRecord<byte[], byte[]> record : Downlink.poll(consumer, POLL, downlink)) {
        if (Arrays.equals(record.key(), ModelManifest.KEY.getBytes(StandardCharsets.UTF_8))) {
          continue;
        }
        ModelSegment segment = Records.decodeModelSegment(record.value());
        TopicPartition partition = new TopicPartition(topic, record.partition());
        if (pending.take(segment)
            && missing.get(partition).remove(segment.segment())
            && missing.get(partition).isEmpty()) {
          // No more of it is fetched, as far as is known now.
          consumer.pause(Set.of(partition));
        }
      }
    }
    return pending.vectors();
  }

  private static boolean isAnyMissing(Map<TopicPartition, Set<Integer>> missing) {
    return missing.values().stream().anyMatch(segments -> !segments.isEmpty());
  }

  /** Partitions that stay assigned would stay paused too. */
  private void assign(Set<TopicPartition> partitions) {
    consumer.assign(partitions);
    consumer.resume(partitions);
  }

  private boolean isBefore(Map<TopicPartition, Long> end) {
    return end.entrySet().stream()
        .filter(entry -> !consumer.paused().contains(entry.getKey()))
        .anyMatch(entry -> consumer.position(entry.getKey()) < entry.getValue());
  }

  /** The blocks of one reading, as their segments come in. */
  private static final class PendingBlocks {

    private final ModelManifest manifest;
    private final Map<Integer, BlockVersion> versions;
    private final Map<Integer, ModelSegment> found = new HashMap<>();

    PendingBlocks(ModelManifest manifest, List<BlockVersion> versions) {
      this.manifest = manifest;
      this.versions =
          versions.stream().collect(Collectors.toMap(BlockVersion::block, version -> version));
    }

    List<Segment> segments() {
      return manifest.segments().stream()
          .filter(segment -> versions.containsKey(segment.block()))
          .toList();
    }

    /**
     * Takes what belongs to a wanted version. A later record of the same version replaces an
     * earlier one: only that was announced.
     *
     * @return whether it does
     */
    boolean take(ModelSegment segment) {
      BlockVersion version = versions.get(segment.block());
      boolean belongs =
          version != null
              && version.version() == segment.version()
              && segment.segment() < manifest.segments().size()
              && segment.values().length()
                  == Float.BYTES * manifest.segments().get(segment.segment()).length();
      if (belongs) {
        found.put(segment.segment(), segment);
      }
      return belongs;
    }

    boolean isWhole() {
      return versions.values().stream().allMatch(this::isWhole);
    }

    private boolean isWhole(BlockVersion version) {
      List<ModelSegment> segments = foundOf(version);
      return segments.size() == manifest.segmentsOf(version.block()).size()
          && (version.digest() == null
              || Digest.ofBlock(segments.stream().map(PendingBlocks::digest).toList())
                  .equals(version.digest()));
    }

    private List<ModelSegment> foundOf(BlockVersion version) {
      return manifest.segmentsOf(version.block()).stream()
          .map(segment -> found.get(segment.index()))
          .filter(segment -> segment != null)
          .toList();
    }

    private static Digest digest(ModelSegment segment) {
      return Digest.ofContent(
          segment.values().array(), segment.values().offset(), segment.values().length());
    }

    String describeMissing() {
      return versions.values().stream()
          .filter(version -> !isWhole(version))
          .map(
              version -> {
                int there = foundOf(version).size();
                int all = manifest.segmentsOf(version.block()).size();
                return "block '%s' version %d %s"
                    .formatted(
                        manifest.blocks().get(version.block()).name(),
                        version.version(),
                        there < all
                            ? "has %d of %d segments".formatted(there, all)
                            : "has not the announced digest " + version.digest());
              })
          .collect(Collectors.joining("; "));
    }

    Map<Integer, float[]> vectors() {
      Map<Integer, float[]> vectors = new HashMap<>();
      for (Segment segment : segments()) {
        float[] vector =
            vectors.computeIfAbsent(
                segment.block(), block -> new float[manifest.blocks().get(block).size()]);
        found
            .get(segment.index())
            .values()
            .floats()
            .get(vector, segment.offset(), segment.length());
      }
      return vectors;
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.client.topic;

import anabranch.client.link.Link;
import anabranch.client.link.StoredRecord;
import anabranch.protocol.avro.Records;
import anabranch.protocol.message.ModelDelta;
import anabranch.protocol.model.ModelManifest;
import java.time.Duration;
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
 * Reads from {@code <f>.deltas} what leads from versions of blocks that are here to announced ones.
 * Not safe for several threads.
 */
final class DeltaReader {

  private static final Duration POLL = Duration.ofMillis(200);

  /** An announcement may be visible a moment before what it names. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final String topic;
  private final Link downlink;

  /**
   * @param consumer of committed records, whose assignment is changed
   * @param topic of the deltas
   */
  DeltaReader(KafkaConsumer<byte[], byte[]> consumer, String topic, Link downlink) {
    this.consumer = consumer;
    this.topic = topic;
    this.downlink = downlink;
  }

  /**
   * Lets each replay take what is for it, until all have enough or nothing more is there.
   *
   * @param replays of different blocks, at least one
   */
  void read(ModelManifest manifest, Collection<BlockReplay> replays) {
    int partitions = consumer.partitionsFor(topic).size();
    if (partitions == 0) {
      // A topic that was deleted: the whole versions are still there.
      return;
    }
    Map<TopicPartition, Long> start = new HashMap<>();
    for (BlockReplay replay : replays) {
      starts(manifest, replay, partitions)
          .forEach((partition, offset) -> start.merge(partition, offset, Math::min));
    }
    consumer.assign(start.keySet());
    start.forEach(consumer::seek);
    Map<TopicPartition, Long> end = consumer.endOffsets(start.keySet());
    Map<Integer, BlockReplay> byBlock =
        replays.stream().collect(Collectors.toMap(BlockReplay::block, replay -> replay));
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!byBlock.values().stream().allMatch(BlockReplay::isSettled)
        && (isBefore(end) || mayStillCome(replays) && System.nanoTime() < deadline)) {
      // Beyond the end, what no replay takes is no sign that more follows for one.
      if (takeSome(byBlock) || isBefore(end)) {
        deadline = System.nanoTime() + PATIENCE.toNanos();
      }
    }
  }

  /** Polls once, and returns whether a replay has taken something. */
  private boolean takeSome(Map<Integer, BlockReplay> byBlock) {
    boolean taken = false;
    for (ConsumerRecord<byte[], byte[]> record : Downlink.poll(consumer, POLL, downlink)) {
      ModelDelta delta = Records.decodeModelDelta(record.value());
      BlockReplay replay = byBlock.get(delta.block());
      if (replay != null) {
        long bytes = StoredRecord.bytes(record.key(), record.value());
        taken |= replay.take(delta, record.partition(), record.offset(), bytes);
      }
    }
    return taken;
  }

  private static boolean mayStillCome(Collection<BlockReplay> replays) {
    return replays.stream().anyMatch(BlockReplay::lacksTheNewest);
  }

  private boolean isBefore(Map<TopicPartition, Long> end) {
    return end.entrySet().stream()
        .anyMatch(entry -> consumer.position(entry.getKey()) < entry.getValue());
  }

  /** Where to begin: behind what was read before, or where the version that is here was written. */
  private Map<TopicPartition, Long> starts(
      ModelManifest manifest, BlockReplay replay, int partitions) {
    Set<TopicPartition> needed =
        manifest.segmentsOf(replay.block()).stream()
            .map(segment -> new TopicPartition(topic, ModelLayout.partition(segment, partitions)))
            .collect(Collectors.toSet());
    Map<TopicPartition, Long> starts = new HashMap<>();
    List<TopicPartition> byTime =
        needed.stream()
            .filter(partition -> !replay.positions().containsKey(partition.partition()))
            .toList();
    for (TopicPartition partition : needed) {
      Long position = replay.positions().get(partition.partition());
      if (position != null) {
        starts.put(partition, position);
      }
    }
    if (!byTime.isEmpty()) {
      Map<TopicPartition, OffsetAndTimestamp> found =
          consumer.offsetsForTimes(
              byTime.stream().collect(Collectors.toMap(p -> p, p -> replay.since())));
      Map<TopicPartition, Long> end = consumer.endOffsets(byTime);
      for (TopicPartition partition : byTime) {
        OffsetAndTimestamp offset = found.get(partition);
        starts.put(partition, offset == null ? end.get(partition) : offset.offset());
      }
    }
    return starts;
  }
}

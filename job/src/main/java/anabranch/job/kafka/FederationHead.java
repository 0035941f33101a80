// SPDX-License-Identifier: Apache-2.0
package anabranch.job.kafka;

import anabranch.job.SubmissionException;
import anabranch.protocol.Topics;
import anabranch.protocol.avro.Records;
import anabranch.protocol.message.Announcement;
import anabranch.protocol.model.ModelManifest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What stands on the topics when a job is submitted.
 *
 * @param manifest of the model
 * @param announcements the newest ones, newest first, at least one
 * @param modelPartitions partitions of the model topic
 * @param deltasPartitions partitions of the deltas topic
 */
public record FederationHead(
    ModelManifest manifest,
    List<Announcement> announcements,
    int modelPartitions,
    int deltasPartitions) {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration POLL = Duration.ofMillis(500);

  /**
   * @param clientProperties what any Kafka client needs to connect
   * @throws SubmissionException if the brokers cannot be reached, topics are missing or no model
   *     has been initialised; the message says what to do
   */
  public static FederationHead read(Topics topics, Properties clientProperties) {
    Properties properties = new Properties();
    properties.putAll(clientProperties);
    properties.setProperty("isolation.level", "read_committed");
    properties.setProperty("enable.auto.commit", "false");
    // A mistyped name must not leave topics behind that are not compacted.
    properties.setProperty("allow.auto.create.topics", "false");
    properties.setProperty("default.api.timeout.ms", Long.toString(PATIENCE.toMillis()));
    String brokers = properties.getProperty("bootstrap.servers");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      int modelPartitions = partitions(consumer, topics.model(), brokers);
      partitions(consumer, topics.plans(), brokers);
      partitions(consumer, topics.control(), brokers);
      int deltasPartitions = partitions(consumer, topics.deltas(), brokers);
      List<Announcement> announcements = announcements(consumer, topics);
      ModelManifest manifest = announcements.isEmpty() ? null : manifest(consumer, topics);
      if (manifest == null) {
        throw new SubmissionException(
            "federation '%s' has no model yet on %s: run './anabranch model init' first"
                .formatted(topics.federation(), brokers));
      }
      return new FederationHead(manifest, announcements, modelPartitions, deltasPartitions);
    } catch (KafkaException e) {
      throw new SubmissionException(
          "cannot read the topics of federation '%s' on %s: %s"
              .formatted(topics.federation(), brokers, e.getMessage()),
          e);
    }
  }

  /**
   * The time from which a job without state needs the changes between versions, in milliseconds
   * since 1970; {@link Long#MAX_VALUE} if all that was announced lies whole on the model topic.
   */
  public long deltasNeededSince() {
    return announcements.stream()
        .flatMap(announcement -> announcement.blocks().stream())
        .filter(block -> !block.isWhole())
        .mapToLong(block -> block.newestWhole().publishedAt())
        .min()
        .orElse(Long.MAX_VALUE);
  }

  private static int partitions(
      KafkaConsumer<byte[], byte[]> consumer, String topic, String brokers) {
    List<PartitionInfo> partitions = consumer.partitionsFor(topic);
    if (partitions == null || partitions.isEmpty()) {
      throw new SubmissionException(
          "topic '%s' does not exist on %s: run './anabranch topics create' first"
              .formatted(topic, brokers));
    }
    return partitions.size();
  }

  private static List<Announcement> announcements(
      KafkaConsumer<byte[], byte[]> consumer, Topics topics) {
    TreeMap<Long, Announcement> bySequence = new TreeMap<>(Comparator.reverseOrder());
    read(
        consumer,
        new TopicPartition(topics.plans(), 0),
        record -> {
          Announcement announcement = Records.decodeAnnouncement(record.value());
          bySequence.put(announcement.sequence(), announcement);
          if (bySequence.size() > Announcement.RING) {
            bySequence.pollLastEntry();
          }
          return false;
        });
    return List.copyOf(bySequence.values());
  }

  private static ModelManifest manifest(KafkaConsumer<byte[], byte[]> consumer, Topics topics) {
    List<ModelManifest> found = new ArrayList<>();
    read(
        consumer,
        new TopicPartition(topics.model(), ModelManifest.PARTITION),
        record -> {
          if (ModelManifest.KEY.equals(new String(record.key(), StandardCharsets.UTF_8))) {
            found.add(Records.decodeModelManifest(record.value()));
          }
          return !found.isEmpty();
        });
    return found.isEmpty() ? null : found.get(0);
  }

  /** Reads a partition from its beginning to its committed end, or until the reader has enough. */
  private static void read(
      KafkaConsumer<byte[], byte[]> consumer,
      TopicPartition partition,
      Predicate<ConsumerRecord<byte[], byte[]>> enough) {
    consumer.assign(List.of(partition));
    consumer.seekToBeginning(List.of(partition));
    Map<TopicPartition, Long> end = consumer.endOffsets(List.of(partition));
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (consumer.position(partition) < end.get(partition)) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        deadline = System.nanoTime() + PATIENCE.toNanos();
        if (record.value() != null && enough.test(record)) {
          return;
        }
      }
      if (System.nanoTime() > deadline) {
        throw new SubmissionException(
            "%s does not deliver what it has: no record for %s".formatted(partition, PATIENCE));
      }
    }
  }
}

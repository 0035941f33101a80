// SPDX-License-Identifier: Apache-2.0
package anabranch.client.topic;

import anabranch.protocol.Bytes;
import anabranch.protocol.Topics;
import anabranch.protocol.avro.Records;
import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.BlockVersion;
import anabranch.protocol.message.ModelSegment;
import anabranch.protocol.model.Digest;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Segment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Publishes version 0 of a federation's model: manifest, segments and the first announcement, in
 * one transaction, so there is all of it or nothing.
 */
public final class ModelInitializer {

  // A transaction that is left open hides what follows it from readers for so long.
  private static final String TRANSACTION_TIMEOUT_MILLIS = "60000";

  private static final Duration VISIBLE_PATIENCE = Duration.ofSeconds(15);

  private final KafkaConnection connection;
  private final Topics topics;

  public ModelInitializer(KafkaConnection connection, Topics topics) {
    this.connection = connection;
    this.topics = topics;
  }

  /**
   * @param weights one flat vector a block, in the manifest's order
   * @return the announcement: incarnation 0, sequence 0, running, no plan
   * @throws ModelExistsException if there is an announcement already
   * @throws IllegalArgumentException if the vectors do not fit the manifest or are not finite
   * @throws KafkaException if the cluster cannot be reached or refuses; nothing was published,
   *     unless it is the look whether readers can see it that fails
   */
  public Announcement publish(ModelManifest manifest, List<float[]> weights) {
    requireFitting(manifest, weights);
    requireFinite(manifest, weights);
    Map<String, String> transactional =
        Map.of(
            ProducerConfig.TRANSACTIONAL_ID_CONFIG,
            topics.transactionalIdPrefix() + "-init",
            ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
            TRANSACTION_TIMEOUT_MILLIS);
    try (KafkaProducer<byte[], byte[]> producer = connection.openProducer(transactional)) {
      // Fences whoever does the same at the same time, so looking first is safe.
      producer.initTransactions();
      requireNoModel();
      Map<TopicPartition, Long> last = new ConcurrentHashMap<>();
      Announcement announcement;
      producer.beginTransaction();
      try {
        int partitions = producer.partitionsFor(topics.model()).size();
        announcement =
            send(record -> producer.send(record, noting(last)), partitions, manifest, weights);
        producer.commitTransaction();
      } catch (KafkaException e) {
        producer.abortTransaction();
        throw e;
      }
      awaitVisible(last);
      return announcement;
    }
  }

  private static Callback noting(Map<TopicPartition, Long> last) {
    return (written, failure) -> {
      if (failure == null) {
        TopicPartition partition = new TopicPartition(written.topic(), written.partition());
        last.merge(partition, written.offset(), Math::max);
      }
    };
  }

  /**
   * A broker answers the commit before it has written the commit's marker to every partition; a job
   * that is submitted in that moment would find no model.
   *
   * @param last offset of the last record in each partition
   */
  private void awaitVisible(Map<TopicPartition, Long> last) {
    long deadline = System.nanoTime() + VISIBLE_PATIENCE.toNanos();
    try (KafkaConsumer<byte[], byte[]> consumer = connection.openConsumer()) {
      consumer.assign(last.keySet());
      while (System.nanoTime() < deadline) {
        Map<TopicPartition, Long> readable = consumer.endOffsets(last.keySet());
        if (last.entrySet().stream().allMatch(e -> readable.get(e.getKey()) > e.getValue())) {
          return;
        }
      }
    }
  }

  private void requireNoModel() {
    try (AnnouncementReader reader = new AnnouncementReader(connection, topics)) {
      List<Announcement> newest = reader.poll(Duration.ZERO);
      if (!newest.isEmpty()) {
        throw new ModelExistsException(
            "federation '%s' has a model already (version %d, announcement %d): submit the job to go"
                    .formatted(
                        topics.federation(), newest.get(0).modelVersion(), newest.get(0).sequence())
                + " on with it, choose another name for a new one, or delete its topics first");
      }
    }
  }

  private Announcement send(
      Consumer<ProducerRecord<byte[], byte[]>> log,
      int partitions,
      ModelManifest manifest,
      List<float[]> weights) {
    long now = System.currentTimeMillis();
    byte[] manifestBytes = Records.encode(manifest);
    log.accept(
        new ProducerRecord<>(
            topics.model(), ModelManifest.PARTITION, now, utf8(ModelManifest.KEY), manifestBytes));
    List<BlockVersion> versions = new ArrayList<>();
    for (int block = 0; block < weights.size(); block++) {
      List<Digest> digests = new ArrayList<>();
      for (Segment segment : manifest.segmentsOf(block)) {
        byte[] values = littleEndian(weights.get(block), segment);
        digests.add(Digest.ofContent(values, 0, values.length));
        log.accept(
            new ProducerRecord<>(
                topics.model(),
                ModelLayout.partition(segment, partitions),
                now,
                utf8(manifest.ringKey(segment, 0)),
                Records.encode(new ModelSegment(block, segment.index(), 0, Bytes.of(values)))));
      }
      versions.add(new BlockVersion(block, 0, 0, Digest.ofBlock(digests), now));
    }
    Announcement announcement =
        new Announcement(
            topics.federation(),
            0,
            0,
            0,
            Digest.ofContent(manifestBytes, 0, manifestBytes.length),
            versions,
            Announcement.State.RUNNING,
            "",
            null,
            null);
    log.accept(
        new ProducerRecord<>(
            topics.plans(), 0, now, utf8(announcement.ringKey()), Records.encode(announcement)));
    return announcement;
  }

  private static byte[] littleEndian(float[] vector, Segment segment) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Float.BYTES * segment.length()).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector, segment.offset(), segment.length());
    return bytes.array();
  }

  private static byte[] utf8(String key) {
    return key.getBytes(StandardCharsets.UTF_8);
  }

  private static void requireFitting(ModelManifest manifest, List<float[]> weights) {
    List<Integer> expected = manifest.blocks().stream().map(block -> block.size()).toList();
    List<Integer> given = weights.stream().map(vector -> vector.length).toList();
    if (!expected.equals(given)) {
      throw new IllegalArgumentException(
          "weights have the lengths %s, the blocks of %s have %s"
              .formatted(given, manifest.architecture(), expected));
    }
  }

  /** A job refuses to load anything else. */
  private static void requireFinite(ModelManifest manifest, List<float[]> weights) {
    for (int block = 0; block < weights.size(); block++) {
      float[] vector = weights.get(block);
      for (int i = 0; i < vector.length; i++) {
        if (!Float.isFinite(vector[i])) {
          throw new IllegalArgumentException(
              "element %d of block '%s' is %s: a model to begin with is finite"
                  .formatted(i, manifest.blocks().get(block).name(), vector[i]));
        }
      }
    }
  }
}

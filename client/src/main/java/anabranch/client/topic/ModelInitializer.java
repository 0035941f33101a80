// SPDX-License-Identifier: Apache-2.0
package anabranch.client.topic;

import anabranch.protocol.Topics;
import anabranch.protocol.message.Announcement;
import anabranch.protocol.model.ModelManifest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
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
    VersionZero.demandSound(manifest, weights);
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
            VersionZero.write(
                topics,
                partitions,
                manifest,
                weights,
                System.currentTimeMillis(),
                record -> producer.send(record, noting(last)));
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
}

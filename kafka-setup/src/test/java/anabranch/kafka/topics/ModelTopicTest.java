// SPDX-License-Identifier: Apache-2.0
package anabranch.kafka.topics;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.kafka.broker.LocalBroker;
import anabranch.protocol.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What readers of the model rely on: the ring survives compaction, and time finds a version. */
class ModelTopicTest {

  private static final int RING = 4;
  private static final int SEGMENT_BYTES = 100_000;

  /** Markers of transactions carry the time of writing: versions lie in the future, not before. */
  private static final long FIRST_PUBLISHED = System.currentTimeMillis();

  private static final long STEP_MILLIS = 30_000;

  private static LocalBroker broker;

  @BeforeAll
  static void startBroker() {
    broker = LocalBroker.start();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void compactionKeepsTheLastVersionsOfTheRingAndTakesOlderOnes() throws Exception {
    TopicPartition partition = modelOf("compacted", Map.of("segment.bytes", "1048576"));
    publish(partition, 60);

    // The ring, and what the segment in use (1 MiB) holds beside it.
    int atMost = RING + (1 << 20) / SEGMENT_BYTES;
    List<Integer> versions = versions(partition);
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (versions.size() > atMost) {
      assertThat(System.nanoTime()).as("compacted in time, left " + versions).isLessThan(deadline);
      versions = versions(partition);
    }

    assertThat(versions).contains(56, 57, 58, 59).doesNotHaveDuplicates();
  }

  @Test
  void timeOfPublishingFindsAVersion() throws Exception {
    TopicPartition partition = modelOf("sought", Map.of());
    publish(partition, 10);

    try (Consumer<String, byte[]> consumer = consumer()) {
      consumer.assign(List.of(partition));
      long offset =
          consumer.offsetsForTimes(Map.of(partition, published(7))).get(partition).offset();
      consumer.seek(partition, offset);
      assertThat(consumer.poll(Duration.ofSeconds(10)).iterator().next().timestamp())
          .isEqualTo(published(7));
    }
  }

  /** The first partition of a federation's model topic, with some settings of its own. */
  private static TopicPartition modelOf(String federation, Map<String, String> settings)
      throws ExecutionException, InterruptedException {
    Topics topics = new Topics(federation);
    try (TopicSetup setup = TopicSetup.connect(broker.bootstrapServers());
        Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      setup.create(TopicTable.of(topics, TopicParameters.singleBroker()));
      admin
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.TOPIC, topics.model()),
                  settings.entrySet().stream()
                      .map(
                          s ->
                              new AlterConfigOp(
                                  new ConfigEntry(s.getKey(), s.getValue()),
                                  AlterConfigOp.OpType.SET))
                      .collect(Collectors.toList())))
          .all()
          .get();
    }
    return new TopicPartition(topics.model(), 0);
  }

  /** Publishes versions of one segment, each in a transaction, as the job does. */
  private static void publish(TopicPartition partition, int versions) {
    try (Producer<String, byte[]> job =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "transactional.id",
                partition.topic()),
            new StringSerializer(),
            new ByteArraySerializer())) {
      job.initTransactions();
      for (int version = 0; version < versions; version++) {
        job.beginTransaction();
        job.send(
            new ProducerRecord<>(
                partition.topic(),
                partition.partition(),
                published(version),
                "0/0/" + version % RING,
                new byte[SEGMENT_BYTES]));
        job.commitTransaction();
      }
    }
  }

  private static List<Integer> versions(TopicPartition partition) {
    List<Integer> versions = new ArrayList<>();
    try (Consumer<String, byte[]> consumer = consumer()) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      while (consumer.position(partition) < end) {
        for (ConsumerRecord<String, byte[]> r : consumer.poll(Duration.ofMillis(100))) {
          versions.add((int) ((r.timestamp() - FIRST_PUBLISHED) / STEP_MILLIS));
        }
      }
    }
    return versions;
  }

  private static long published(int version) {
    return FIRST_PUBLISHED + version * STEP_MILLIS;
  }

  private static Consumer<String, byte[]> consumer() {
    return new KafkaConsumer<>(
        Map.of(
            "bootstrap.servers",
            broker.bootstrapServers(),
            "isolation.level",
            "read_committed",
            "default.api.timeout.ms",
            "10000"),
        new StringDeserializer(),
        new ByteArrayDeserializer());
  }
}

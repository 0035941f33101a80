// SPDX-License-Identifier: Apache-2.0
package anabranch.kafka.broker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Writes in transactions and reads what was committed, on topics of one partition. */
final class TestRecords {

  private final String servers;

  TestRecords(String servers) {
    this.servers = servers;
  }

  void createTopic(String topic) {
    try (Admin admin = admin()) {
      admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
    } catch (ExecutionException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  Set<String> topicNames() {
    try (Admin admin = admin()) {
      return admin.listTopics().names().get();
    } catch (ExecutionException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Writes the values in one transaction. */
  void commit(String topic, String transactionalId, String... values) {
    try (Producer<String, String> producer = producer(transactionalId)) {
      producer.initTransactions();
      producer.beginTransaction();
      for (String value : values) {
        producer.send(new ProducerRecord<>(topic, value, value));
      }
      producer.commitTransaction();
    }
  }

  /** Writes the value and leaves the transaction open; the caller closes the producer. */
  Producer<String, String> leaveOpen(String topic, String transactionalId, String value) {
    Producer<String, String> producer = producer(transactionalId);
    producer.initTransactions();
    producer.beginTransaction();
    producer.send(new ProducerRecord<>(topic, value, value));
    producer.flush();
    return producer;
  }

  /** All values up to the topic's end; fails when an open transaction hides that. */
  List<String> readCommitted(String topic) {
    TopicPartition partition = new TopicPartition(topic, 0);
    List<String> values = new ArrayList<>();
    try (Consumer<String, String> consumer = consumer()) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = endOffset(partition);
      long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
      while (consumer.position(partition) < end) {
        consumer.poll(Duration.ofMillis(100)).forEach(r -> values.add(r.value()));
        if (System.nanoTime() > deadline) {
          throw new AssertionError("read only %s before %d".formatted(values, end));
        }
      }
    }
    return values;
  }

  /** Where the log ends, uncommitted records and transaction markers included. */
  private long endOffset(TopicPartition partition) {
    try (Consumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", servers),
            new StringDeserializer(),
            new StringDeserializer())) {
      return consumer.endOffsets(List.of(partition)).get(partition);
    }
  }

  private Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", servers));
  }

  private Producer<String, String> producer(String transactionalId) {
    return new KafkaProducer<>(
        Map.of(
            "bootstrap.servers", servers,
            "transactional.id", transactionalId,
            "max.block.ms", "2000"),
        new StringSerializer(),
        new StringSerializer());
  }

  private Consumer<String, String> consumer() {
    return new KafkaConsumer<>(
        Map.of("bootstrap.servers", servers, "isolation.level", "read_committed"),
        new StringDeserializer(),
        new StringDeserializer());
  }
}

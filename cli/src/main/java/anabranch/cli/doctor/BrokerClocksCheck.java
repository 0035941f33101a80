// SPDX-License-Identifier: Apache-2.0
package anabranch.cli.doctor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * How far the brokers' clocks are from this machine's. A job whose clock is an hour ahead of a
 * broker's cannot publish, and updates are kept by the brokers' time.
 *
 * <p>Kafka has no request for the time, so brokers are made to stamp a record: on a topic of the
 * doctor's own with one partition on each broker, which is deleted again.
 */
final class BrokerClocksCheck implements Check {

  private static final String TIMEOUT_MILLIS = "10000";

  @Override
  public String name() {
    return "broker clocks";
  }

  @Override
  public Finding examine(Examination examination) throws NotCheckedException {
    KafkaSide kafka = examination.kafka();
    String topic = examination.config().federation() + ".doctor";
    create(kafka, topic);
    List<ClockOffset> offsets;
    try {
      offsets = read(kafka, topic);
    } finally {
      KafkaSide.await(kafka.admin().deleteTopics(List.of(topic)).all(), "deleting topic " + topic);
    }
    Duration tolerance = ClockOffset.tolerance(examination.config().round().deadline());
    Problems problems = new Problems();
    for (ClockOffset offset : offsets) {
      if (offset.certain() > tolerance.toMillis()) {
        problems.warning(
            "%s ahead of this machine".formatted(offset),
            "set the clocks by NTP: times of records, retention and deadlines are read from them");
      }
    }
    return problems.orOk(
        name(),
        "ahead of this machine's: "
            + offsets.stream().map(ClockOffset::toString).collect(Collectors.joining(", ")));
  }

  private static void create(KafkaSide kafka, String topic) throws NotCheckedException {
    Map<Integer, List<Integer>> leaders = new HashMap<>();
    for (int broker : kafka.reachable()) {
      leaders.put(leaders.size(), List.of(broker));
    }
    try {
      KafkaSide.await(
          kafka
              .admin()
              .createTopics(
                  List.of(
                      new NewTopic(topic, leaders)
                          .configs(
                              Map.of(
                                  "message.timestamp.type",
                                  "LogAppendTime",
                                  "min.insync.replicas",
                                  "1"))))
              .all(),
          "creating topic %s, which shows the brokers' time".formatted(topic));
    } catch (NotCheckedException e) {
      if (e.getCause() instanceof TopicExistsException) {
        throw new NotCheckedException(
            "topic %s is there already: another doctor is at work, or was killed; then delete it"
                .formatted(topic),
            e);
      }
      throw e;
    }
  }

  private static List<ClockOffset> read(KafkaSide kafka, String topic) throws NotCheckedException {
    Map<String, Object> properties = kafka.clientProperties();
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, TIMEOUT_MILLIS);
    properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
    properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000");
    properties.put(ProducerConfig.LINGER_MS_CONFIG, "0");
    List<Integer> brokers = kafka.reachable();
    List<ClockOffset> offsets = new ArrayList<>();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int partition = 0; partition < brokers.size(); partition++) {
        // The first record waits for metadata, a connection and a producer id.
        stamp(producer, topic, partition);
        long sent = System.currentTimeMillis();
        long stamped = stamp(producer, topic, partition);
        offsets.add(
            ClockOffset.between(
                "broker " + brokers.get(partition), sent, stamped, System.currentTimeMillis()));
      }
    }
    return offsets;
  }

  private static long stamp(KafkaProducer<byte[], byte[]> producer, String topic, int partition)
      throws NotCheckedException {
    try {
      return producer
          .send(new ProducerRecord<>(topic, partition, null, new byte[0]))
          .get()
          .timestamp();
    } catch (ExecutionException e) {
      throw new NotCheckedException(
          "%s, while writing to %s".formatted(e.getCause().getMessage(), topic), e);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.job.testkit;

import anabranch.protocol.avro.Records;
import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.ClientUpdate;
import anabranch.protocol.message.Plan;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * The clients of a federation: they follow the plans and answer each with the recorded updates of
 * its round, the records of all clients shuffled.
 */
public final class Participants implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(50);

  /** Makes of a round's records what is sent. */
  public interface Interference {
    List<ProducerRecord<byte[], byte[]>> with(
        Plan plan, List<ProducerRecord<byte[], byte[]>> records);
  }

  /** Something that happens when half of a round's records are sent. */
  public interface MidRound {
    void happens(Plan plan) throws Exception;
  }

  private final TestFederation federation;
  private final RecordedUpdates updates;
  private final Random order;
  private final KafkaConsumer<byte[], byte[]> plans;
  private final KafkaProducer<byte[], byte[]> producer;
  private final List<Announcement> seen = new ArrayList<>();
  private Interference interference = (plan, records) -> records;
  private MidRound midRound = plan -> {};
  private long answered;
  private long sent;

  /**
   * @param shuffle seed of the order in which records are sent
   */
  public Participants(TestFederation federation, RecordedUpdates updates, long shuffle) {
    this.federation = federation;
    this.updates = updates;
    this.order = new Random(shuffle);
    plans = federation.consumer("read_committed");
    TopicPartition partition = new TopicPartition(federation.topics().plans(), 0);
    plans.assign(List.of(partition));
    plans.seekToBeginning(List.of(partition));
    producer = federation.producer(Map.of("linger.ms", "0"));
  }

  /** Changes what is sent. */
  public Participants with(Interference change) {
    interference = change;
    return this;
  }

  /** Has something happen in the middle of every round. */
  public Participants inMidRound(MidRound event) {
    midRound = event;
    return this;
  }

  /** All announcements so far. */
  public List<Announcement> seen() {
    return seen;
  }

  /** The newest announcement, or null. */
  public Announcement newest() {
    return seen.isEmpty() ? null : seen.get(seen.size() - 1);
  }

  /** Records sent so far. */
  public long sent() {
    return sent;
  }

  /** Answers plans until the model has had so many rounds. */
  public void play(long modelVersion, Duration patience) throws Exception {
    follow(
        "model version %d".formatted(modelVersion),
        patience,
        a -> a.modelVersion() >= modelVersion,
        true);
  }

  /** Follows the plans and answers none until an announcement is as wanted. */
  public Announcement watch(String what, Duration patience, Predicate<Announcement> wanted)
      throws Exception {
    return follow(what, patience, wanted, false);
  }

  private Announcement follow(
      String what, Duration patience, Predicate<Announcement> wanted, boolean answering)
      throws Exception {
    long deadline = System.nanoTime() + patience.toNanos();
    while (newest() == null || !wanted.test(newest())) {
      if (answering && newest() != null && newest().plan() != null) {
        answer(newest().plan());
      }
      for (ConsumerRecord<byte[], byte[]> record : plans.poll(POLL)) {
        seen.add(Records.decodeAnnouncement(record.value()));
      }
      if (System.nanoTime() > deadline) {
        throw new AssertionError(
            "waited %s in vain for %s, the newest announcement is %s"
                .formatted(patience, what, newest()));
      }
    }
    return newest();
  }

  /** Sends the recorded updates of the plan's cohort, once. */
  public void answer(Plan plan) throws Exception {
    if (plan.planId() == answered) {
      return;
    }
    answered = plan.planId();
    List<ProducerRecord<byte[], byte[]>> records = interference.with(plan, records(plan));
    int half = records.size() / 2;
    send(records.subList(0, half));
    midRound.happens(plan);
    send(records.subList(half, records.size()));
  }

  private List<ProducerRecord<byte[], byte[]>> records(Plan plan) {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int client = 0; client < RecordedUpdates.CLIENTS; client++) {
      if (plan.cohort().contains(RecordedUpdates.id(client))) {
        for (ClientUpdate part : updates.answer(plan, client)) {
          records.add(record(part.clientId(), Records.encode(part)));
        }
      }
    }
    Collections.shuffle(records, order);
    return records;
  }

  /** A record for the topic of updates. */
  public ProducerRecord<byte[], byte[]> record(String clientId, byte[] value) {
    return new ProducerRecord<>(
        federation.topics().updates(), clientId.getBytes(StandardCharsets.UTF_8), value);
  }

  /** Sends records in their order and returns when the broker has them. */
  public void send(List<ProducerRecord<byte[], byte[]>> records) throws Exception {
    List<Future<RecordMetadata>> written = new ArrayList<>();
    for (ProducerRecord<byte[], byte[]> record : records) {
      written.add(producer.send(record));
    }
    for (Future<RecordMetadata> future : written) {
      future.get();
    }
    sent += records.size();
  }

  @Override
  public void close() {
    producer.close();
    plans.close();
  }
}

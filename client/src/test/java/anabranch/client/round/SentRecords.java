// SPDX-License-Identifier: Apache-2.0
package anabranch.client.round;

import anabranch.client.TestFederation;
import anabranch.protocol.Topics;
import anabranch.protocol.avro.Records;
import anabranch.protocol.message.ClientCheckIn;
import anabranch.protocol.message.ClientUpdate;
import anabranch.protocol.message.Outcome;
import anabranch.protocol.message.Plan;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What participants send and tell, waited for with a deadline. */
public final class SentRecords implements ParticipantListener, AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Topics topics;
  private final Queue<ClientCheckIn> checkIns = new ArrayDeque<>();
  private final Queue<ClientUpdate> updates = new ArrayDeque<>();
  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

  public SentRecords(TestFederation federation) {
    this.topics = federation.topics;
    this.consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", federation.connection.bootstrapServers()),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        Stream.of(topics.clients(), topics.updates())
            .flatMap(topic -> consumer.partitionsFor(topic).stream())
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  public ClientCheckIn awaitCheckIn() throws Exception {
    return await(checkIns, "check-in");
  }

  public ClientUpdate awaitUpdate() throws Exception {
    return await(updates, "update");
  }

  private <T> T await(Queue<T> queue, String what) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (queue.isEmpty()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("no %s came, events: %s".formatted(what, events));
      }
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
        if (record.topic().equals(topics.clients())) {
          checkIns.add(Records.decodeClientCheckIn(record.value()));
        } else {
          updates.add(Records.decodeClientUpdate(record.value()));
        }
      }
    }
    return queue.remove();
  }

  /** Waits for an event; those before it are forgotten. */
  public void awaitEvent(String wanted) throws InterruptedException {
    awaitEventThat(wanted::equals);
  }

  /** Waits for an event; those before it are forgotten. */
  public String awaitEventThat(Predicate<String> wanted) throws InterruptedException {
    List<String> others = new ArrayList<>();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      String event = events.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (event == null) {
        throw new AssertionError("the event did not come, only " + others);
      }
      if (wanted.test(event)) {
        return event;
      }
      others.add(event);
    }
  }

  @Override
  public void sent(Plan plan, long samples, Map<String, Double> metrics, long recordBytes) {
    events.add("sent %d".formatted(plan.round()));
  }

  @Override
  public void receiptLost(long round) {
    events.add("receipt %d lost".formatted(round));
  }

  @Override
  public void receipt(long round, Optional<Outcome> outcome) {
    events.add("receipt %d %s".formatted(round, outcome.map(Outcome::name).orElse("none")));
  }

  @Override
  public void satOut(Plan plan, RuntimeException cause) {
    events.add("sat out %d %s".formatted(plan.round(), cause.getMessage()));
  }

  @Override
  public void troubled(RuntimeException cause) {
    events.add("troubled " + cause.getClass().getSimpleName());
  }

  @Override
  public void recovered() {
    events.add("recovered");
  }

  @Override
  public void stopped(Throwable cause) {
    events.add("stopped " + cause.getMessage());
  }

  @Override
  public void close() {
    consumer.close();
  }
}

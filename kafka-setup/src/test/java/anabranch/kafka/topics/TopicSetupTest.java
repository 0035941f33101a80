// SPDX-License-Identifier: Apache-2.0
package anabranch.kafka.topics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import anabranch.kafka.broker.LocalBroker;
import anabranch.kafka.topics.TopicState.Condition;
import anabranch.protocol.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicSetupTest {

  private static final TopicParameters WANTED = TopicParameters.singleBroker();

  /** Another number of partitions of the model, other retention of the updates. */
  private static final TopicParameters OTHER =
      WANTED
          .withPartitions(1, 2, 3, 1)
          .withRetention(Duration.ofDays(2), WANTED.rejectedRetention(), WANTED.roundsRetention());

  private static LocalBroker broker;
  private static TopicSetup setup;

  @BeforeAll
  static void startBroker() {
    broker = LocalBroker.start();
    setup = TopicSetup.connect(broker.bootstrapServers());
  }

  @AfterAll
  static void stopBroker() {
    setup.close();
    broker.close();
  }

  @Test
  void createMakesEveryTopicOfTheTableAsItSays() {
    List<TopicSettings> table = TopicTable.of(new Topics("fresh"), WANTED);

    List<TopicState> states = setup.create(table);

    assertThat(states).extracting(TopicState::condition).containsOnly(Condition.CREATED);
    assertThat(states).allMatch(TopicState::asWanted);
    assertThat(states)
        .extracting(TopicState::name)
        .containsExactly(
            "fresh.clients",
            "fresh.updates",
            "fresh.model",
            "fresh.deltas",
            "fresh.plans",
            "fresh.rounds",
            "fresh.rejected",
            "fresh.control");
    assertThat(states).extracting(TopicState::partitions).containsExactly(1, 2, 2, 1, 1, 1, 1, 1);
  }

  @Test
  void createASecondTimeChangesNothing() {
    List<TopicSettings> table = TopicTable.of(new Topics("twice"), WANTED);
    setup.create(table);

    List<TopicState> states = setup.create(table);

    assertThat(states).extracting(TopicState::condition).containsOnly(Condition.PRESENT);
    assertThat(states).allMatch(TopicState::asWanted);
  }

  @Test
  void createMakesOnlyWhatIsMissing() {
    List<TopicSettings> table = TopicTable.of(new Topics("half"), WANTED);
    setup.create(table.subList(0, 2));

    assertThat(setup.create(table))
        .extracting(TopicState::condition)
        .containsExactly(
            Condition.PRESENT,
            Condition.PRESENT,
            Condition.CREATED,
            Condition.CREATED,
            Condition.CREATED,
            Condition.CREATED,
            Condition.CREATED,
            Condition.CREATED);
  }

  @Test
  void createReportsDifferencesAndLeavesThem() {
    Topics topics = new Topics("differs");
    setup.create(TopicTable.of(topics, OTHER));

    List<TopicState> states = setup.create(TopicTable.of(topics, WANTED));

    assertThat(differences(states, topics.updates()))
        .containsExactly(new Difference("retention.ms", "604800000", "172800000"));
    assertThat(differences(states, topics.model()))
        .containsExactly(new Difference(Difference.PARTITIONS, "2", "3"));
    assertThat(differences(states, topics.clients()))
        .containsExactly(new Difference("delete.retention.ms", "604800000", "172800000"));
    assertThat(setup.describe(TopicTable.of(topics, WANTED))).isEqualTo(states);
  }

  @Test
  void createAndCorrectSetsConfigurationsAndStillReportsPartitions() {
    Topics topics = new Topics("corrected");
    List<TopicSettings> table = TopicTable.of(topics, WANTED);
    setup.create(TopicTable.of(topics, OTHER));

    List<TopicState> states = setup.createAndCorrect(table);

    TopicState updates = state(states, topics.updates());
    assertThat(updates.condition()).isEqualTo(Condition.CORRECTED);
    assertThat(updates.asWanted()).isTrue();
    assertThat(updates.corrected())
        .containsExactly(new Difference("retention.ms", "604800000", "172800000"));
    TopicState model = state(states, topics.model());
    assertThat(model.condition()).isEqualTo(Condition.PRESENT);
    assertThat(model.asWanted()).isFalse();
    assertThat(model.differences()).noneMatch(Difference::correctable);
    assertThat(state(setup.describe(table), topics.updates()).asWanted()).isTrue();
  }

  @Test
  void describeSaysWhatIsMissing() {
    List<TopicState> states = setup.describe(TopicTable.of(new Topics("nowhere"), WANTED));

    assertThat(states).hasSize(8).noneMatch(TopicState::exists).noneMatch(TopicState::asWanted);
    assertThat(states).extracting(TopicState::condition).containsOnly(Condition.MISSING);
  }

  @Test
  void deleteRemovesOneFederationAndNoOther() {
    Topics gone = new Topics("gone");
    List<TopicSettings> other = TopicTable.of(new Topics("gone-not"), WANTED);
    setup.create(TopicTable.of(gone, WANTED));
    setup.create(other);

    assertThat(setup.delete(gone))
        .extracting(TopicState::condition)
        .containsOnly(Condition.DELETED);
    assertThat(setup.delete(gone))
        .extracting(TopicState::condition)
        .containsOnly(Condition.MISSING);
    assertThat(setup.describe(other)).allMatch(TopicState::asWanted);
    assertThat(setup.create(TopicTable.of(gone, WANTED)))
        .extracting(TopicState::condition)
        .containsOnly(Condition.CREATED);
  }

  @Test
  void tooFewBrokersForTheReplicationFactorIsSaid() {
    List<TopicSettings> table = TopicTable.of(new Topics("copies"), TopicParameters.cluster());

    assertThatThrownBy(() -> setup.create(table))
        .isInstanceOf(TopicSetupException.class)
        .hasMessageContaining(broker.bootstrapServers())
        .hasMessageContaining("too few brokers")
        .hasMessageContaining("choose a smaller replication factor");
    assertThat(setup.describe(table)).noneMatch(TopicState::exists);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, Long.MAX_VALUE / 2})
  void clientsWithWrongClocksAreHeardAndTheirRecordsKept(long clientClock) throws Exception {
    Topics topics = new Topics("clocks");
    setup.create(TopicTable.of(topics, WANTED));
    long before = System.currentTimeMillis();
    try (Producer<String, String> client = producer()) {
      for (String topic : List.of(topics.clients(), topics.updates())) {
        RecordMetadata written =
            client.send(new ProducerRecord<>(topic, null, clientClock, "client", "")).get();
        assertThat(written.timestamp()).isBetween(before, System.currentTimeMillis());
      }
    }
  }

  @Test
  void modelKeepsTheTimeOfPublishingAndRefusesOneAnHourAhead() throws Exception {
    Topics topics = new Topics("published");
    setup.create(TopicTable.of(topics, WANTED));
    long published = 1_700_000_000_000L;
    long ahead = System.currentTimeMillis() + Duration.ofMinutes(90).toMillis();
    try (Producer<String, String> job = producer()) {
      assertThat(job.send(new ProducerRecord<>(topics.model(), 0, published, "a", "")).get())
          .returns(published, RecordMetadata::timestamp);
      assertThatThrownBy(
              () -> job.send(new ProducerRecord<>(topics.model(), 0, ahead, "a", "")).get())
          .hasCauseInstanceOf(InvalidTimestampException.class);
    }
  }

  private static Producer<String, String> producer() {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", broker.bootstrapServers()),
        new StringSerializer(),
        new StringSerializer());
  }

  private static List<Difference> differences(List<TopicState> states, String topic) {
    return state(states, topic).differences();
  }

  private static TopicState state(List<TopicState> states, String topic) {
    return states.stream().filter(s -> s.name().equals(topic)).findFirst().orElseThrow();
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.client.round;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.client.TestFederation;
import anabranch.client.data.Dataset;
import anabranch.client.data.FashionMnist;
import anabranch.client.data.LocalData;
import anabranch.client.model.Architecture;
import anabranch.client.model.ModelDefinition;
import anabranch.client.train.torch.TorchTrainer;
import anabranch.kafka.broker.LocalBroker;
import anabranch.protocol.message.Plan;
import anabranch.protocol.model.Stage;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A client that has declared its memory, and plans that take more or less. */
class MemoryLimitTest {

  private static final Dataset SAMPLES =
      FashionMnist.shipped().train().subset(IntStream.range(0, 40).toArray());
  private static final LocalData LITTLE = LocalData.withoutHeldOut(SAMPLES);

  /** The first stage takes more than the last. */
  private static final ModelDefinition STAGED =
      Architecture.RESNET.define(
          Map.of("layers", "1,1", "widths", "32,64", "cuts", "1", "projection", "8"));

  private static final Stage FIRST = STAGED.stages().get(0);
  private static final Stage LAST = STAGED.stages().get(1);

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
  void planThatSaysThatItTakesMoreIsSatOutAndTheNextIsTrained() throws Exception {
    try (TestFederation federation = federation("memory-of-plan");
        SentRecords sent = new SentRecords(federation);
        Participant participant = participant(federation, Long.MAX_VALUE - 1, sent)) {
      participant.start();
      sent.awaitCheckIn();
      federation.announce(stage(federation, 1, LAST, Long.MAX_VALUE), null);
      String event = sent.awaitEventThat(e -> e.startsWith("sat out 1"));
      federation.announce(stage(federation, 2, LAST, 1_000), null);

      assertThat(event).contains("stage 1 needs", "it waits for the next plan");
      assertThat(sent.awaitUpdate().round()).isEqualTo(2);
    }
  }

  @Test
  void stageThatWouldTakeMoreIsSatOutWhateverThePlanSays() throws Exception {
    try (TestFederation federation = federation("memory-of-trainer")) {
      long first = expected(federation, FIRST);
      long last = expected(federation, LAST);
      assertThat(first).isGreaterThan(last);
      try (SentRecords sent = new SentRecords(federation);
          Participant participant = participant(federation, (first + last) / 2, sent)) {
        participant.start();
        sent.awaitCheckIn();
        federation.announce(stage(federation, 1, FIRST, 0), null);
        String event = sent.awaitEventThat(e -> e.startsWith("sat out 1"));
        federation.announce(stage(federation, 2, LAST, 0), null);

        assertThat(event).contains("would take %.1f MiB".formatted(first / 1048576.0));
        assertThat(sent.awaitUpdate().round()).isEqualTo(2);
      }
    }
  }

  @Test
  void clientThatDeclaresNothingTrainsWhatItIsGiven() throws Exception {
    try (TestFederation federation = federation("memory-not-said");
        SentRecords sent = new SentRecords(federation);
        Participant participant = participant(federation, 0, sent)) {
      participant.start();
      sent.awaitCheckIn();
      federation.announce(stage(federation, 1, LAST, Long.MAX_VALUE), null);

      assertThat(sent.awaitUpdate().round()).isEqualTo(1);
    }
  }

  private static long expected(TestFederation federation, Stage stage) {
    OptionalLong expected =
        new TorchTrainer()
            .expectedMemory(federation.manifest, stage(federation, 1, stage, 0), LITTLE);
    return expected.orElseThrow();
  }

  private static Plan stage(TestFederation federation, long round, Stage stage, long memory) {
    Plan plan = federation.plan(round, List.of("ann"), stage.trainBlocks());
    return new Plan(
        plan.planId(),
        plan.previousPlanId(),
        round,
        plan.cohort(),
        stage.trainBlocks(),
        stage.holdBlocks(),
        1,
        0,
        0,
        memory,
        plan.seed(),
        plan.durationMillis(),
        plan.training(),
        plan.encoding(),
        plan.grids(),
        plan.maxSamples());
  }

  private static TestFederation federation(String name) {
    return new TestFederation(broker.bootstrapServers(), name, STAGED);
  }

  private static Participant participant(TestFederation federation, long memory, SentRecords sent) {
    return new Participant(
        ParticipantSettings.of(federation.topics, federation.connection, "ann").withMemory(memory),
        LITTLE,
        new TorchTrainer(),
        sent);
  }
}

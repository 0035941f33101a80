// SPDX-License-Identifier: Apache-2.0
package anabranch.client.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import anabranch.client.TestFederation;
import anabranch.client.data.FashionMnist;
import anabranch.client.data.LocalData;
import anabranch.client.model.Architecture;
import anabranch.client.model.ModelDefinition;
import anabranch.client.train.LocalTrainer;
import anabranch.client.train.TrainingResult;
import anabranch.client.train.TrainingTask;
import anabranch.client.train.torch.TorchTrainer;
import anabranch.kafka.broker.LocalBroker;
import anabranch.kafka.broker.LocalBrokerSettings;
import anabranch.protocol.codec.DecodedSegment;
import anabranch.protocol.codec.Reference;
import anabranch.protocol.codec.SegmentDecoder;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.message.BlockVersion;
import anabranch.protocol.message.ClientCheckIn;
import anabranch.protocol.message.ClientUpdate;
import anabranch.protocol.message.Outcome;
import anabranch.protocol.message.Plan;
import anabranch.protocol.message.Receipt;
import anabranch.protocol.message.RoundOutcome;
import anabranch.protocol.message.RoundReceipts;
import anabranch.protocol.model.Segment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParticipantTest {

  private static final LocalData LITTLE =
      LocalData.withoutHeldOut(
          FashionMnist.shipped().train().subset(IntStream.range(0, 100).toArray()));
  private static final ModelDefinition CONV = Architecture.CONV_SMALL.define(Map.of());

  /** Adds 0.5 to every weight. */
  private static final LocalTrainer ADD_HALF =
      (task, data) -> {
        Map<Integer, float[]> blocks = new HashMap<>();
        for (int block : task.trainBlocks()) {
          float[] vector = task.weights().get(block).clone();
          for (int i = 0; i < vector.length; i++) {
            vector[i] += 0.5f;
          }
          blocks.put(block, vector);
        }
        return new TrainingResult(blocks, data.train().size(), Map.of("loss", 1.5));
      };

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
  void aRoundGoesFromCheckInToReceipt() throws Exception {
    TorchTrainer trainer = new TorchTrainer();
    try (TestFederation federation = federation("whole-round");
        SentRecords sent = new SentRecords(federation);
        Participant participant = participant(federation, "ann", trainer, sent)) {
      participant.start();
      ClientCheckIn checkIn = sent.awaitCheckIn();
      Plan plan = federation.plan(1, List.of("ann", "bob"), List.of(0, 1, 2, 3));
      federation.announce(plan, null);
      ClientUpdate update = sent.awaitUpdate();
      federation.announce(null, receipts(plan, new Receipt("ann", Outcome.FOLDED)));
      sent.awaitEvent("receipt 1 FOLDED");

      assertThat(checkIn.clientId()).isEqualTo("ann");
      assertThat(checkIn.session()).isNotZero();
      assertThat(checkIn.samples()).isEqualTo(100);
      assertThat(update.session()).isEqualTo(checkIn.session());
      assertThat(update.planId()).isEqualTo(plan.planId());
      assertThat(update.samples()).isEqualTo(100);
      assertThat(update.metrics()).containsKeys("loss", "accuracy", "seconds");
      Map<Integer, float[]> initial = initialWeights();
      Map<Integer, float[]> trained =
          trainer
              .train(
                  new TrainingTask(
                      federation.manifest,
                      initial,
                      plan.trainBlocks(),
                      plan.training(),
                      plan.round(),
                      1,
                      0,
                      0,
                      ClientSeed.of(plan.seed(), "ann")),
                  LITTLE)
              .blocks();
      Map<Integer, float[]> deltas = decoded(federation, update);
      assertThat(deltas).containsOnlyKeys(0, 1, 2, 3);
      deltas.forEach(
          (block, delta) ->
              assertThat(delta).isEqualTo(minus(trained.get(block), initial.get(block))));
    }
  }

  @Test
  void onlyTheTrainedBlockIsSentAndPlansOfOthersAreLeftAlone() throws Exception {
    try (TestFederation federation = federation("one-block-round");
        SentRecords sent = new SentRecords(federation);
        Participant participant = participant(federation, "ann", ADD_HALF, sent)) {
      participant.start();
      sent.awaitCheckIn();
      federation.announce(federation.plan(1, List.of("bob"), List.of(0)), null);
      federation.announce(federation.plan(2, List.of("ann"), List.of(3)), null);
      ClientUpdate update = sent.awaitUpdate();

      assertThat(update.round()).isEqualTo(2);
      Map<Integer, float[]> deltas = decoded(federation, update);
      float[] half = new float[650];
      Arrays.fill(half, 0.5f);
      assertThat(deltas).containsOnlyKeys(3);
      assertThat(deltas.get(3)).containsExactly(half, within(1e-6f));
    }
  }

  @Test
  void participantThatIsNotListedIsToldSo() throws Exception {
    try (TestFederation federation = federation("unlisted");
        SentRecords sent = new SentRecords(federation);
        Participant participant = participant(federation, "ann", ADD_HALF, sent)) {
      participant.start();
      sent.awaitCheckIn();
      Plan plan = federation.plan(1, List.of("ann"), List.of(3));
      federation.announce(plan, null);
      sent.awaitUpdate();
      federation.announce(null, receipts(plan));

      sent.awaitEvent("receipt 1 none");
    }
  }

  @Test
  void failingTrainerSitsOutOneRoundAndAnswersTheNext() throws Exception {
    LocalTrainer failsOnce =
        (task, data) -> {
          if (task.trainBlocks().contains(0)) {
            throw new IllegalStateException("out of disk");
          }
          return ADD_HALF.train(task, data);
        };
    try (TestFederation federation = federation("sits-out");
        SentRecords sent = new SentRecords(federation);
        Participant participant = participant(federation, "ann", failsOnce, sent)) {
      participant.start();
      sent.awaitCheckIn();
      federation.announce(federation.plan(1, List.of("ann"), List.of(0)), null);
      sent.awaitEvent("sat out 1 out of disk");
      federation.announce(federation.plan(2, List.of("ann"), List.of(3)), null);

      assertThat(sent.awaitUpdate().round()).isEqualTo(2);
    }
  }

  @Test
  void nothingIsTrainedOnATornModelUntilItIsWhole() throws Exception {
    try (TestFederation federation = federation("torn-round");
        SentRecords sent = new SentRecords(federation);
        Participant participant = participant(federation, "ann", ADD_HALF, sent)) {
      participant.start();
      sent.awaitCheckIn();
      float[] output = new float[650];
      Arrays.fill(output, 3);
      List<BlockVersion> versions = federation.withVersion(3, 1, output);
      federation.announce(federation.plan(1, List.of("ann"), List.of(3)), null, versions);
      sent.awaitEvent("troubled ModelIncompleteException");
      federation.publish(federation.manifest.segmentsOf(3).get(0), versions.get(3), output);

      assertThat(decoded(federation, sent.awaitUpdate()).get(3)).containsOnly(0.5f);
      sent.awaitEvent("recovered");
    }
  }

  @Test
  void closedParticipantSaysThatItLeaves() throws Exception {
    try (TestFederation federation = federation("leaves");
        SentRecords sent = new SentRecords(federation)) {
      try (Participant participant = participant(federation, "ann", ADD_HALF, sent)) {
        participant.start();
        assertThat(sent.awaitCheckIn().status()).isEqualTo(ClientCheckIn.Status.READY);
      }

      assertThat(sent.awaitCheckIn().status()).isEqualTo(ClientCheckIn.Status.LEAVING);
    }
  }

  @Test
  void participantGoesOnWhenTheBrokerComesBack(@TempDir Path directory) throws Exception {
    LocalBrokerSettings kept = LocalBrokerSettings.keptIn(directory);
    LocalBroker first = LocalBroker.start(kept);
    LocalBrokerSettings again = kept.withPort(first.port());
    try (TestFederation federation = new TestFederation(first.bootstrapServers(), "outage", CONV);
        SentRecords sent = new SentRecords(federation);
        Participant participant = participant(federation, "ann", ADD_HALF, sent)) {
      participant.start();
      sent.awaitCheckIn();
      first.close();
      try (LocalBroker second = LocalBroker.start(again)) {
        assertThat(second.port()).isEqualTo(first.port());
        federation.announce(federation.plan(1, List.of("ann"), List.of(3)), null);

        assertThat(sent.awaitUpdate().round()).isEqualTo(1);
      }
    }
  }

  @Test
  void participantLeavesSoonEvenWhenTheBrokerIsAway() throws Exception {
    LocalBroker lost = LocalBroker.start();
    try (TestFederation federation = new TestFederation(lost.bootstrapServers(), "away", CONV);
        SentRecords sent = new SentRecords(federation);
        Participant participant = participant(federation, "ann", ADD_HALF, sent)) {
      participant.start();
      sent.awaitCheckIn();
      lost.close();

      Thread closer = new Thread(participant::close);
      closer.start();
      closer.join(10_000);

      assertThat(closer.isAlive()).isFalse();
    }
  }

  private static TestFederation federation(String name) {
    return new TestFederation(broker.bootstrapServers(), name, CONV);
  }

  private static Participant participant(
      TestFederation federation, String id, LocalTrainer trainer, ParticipantListener listener) {
    return new Participant(
        ParticipantSettings.of(federation.topics, federation.connection, id),
        LITTLE,
        trainer,
        listener);
  }

  private static RoundReceipts receipts(Plan plan, Receipt... receipts) {
    return new RoundReceipts(
        plan.planId(), plan.round(), RoundOutcome.COMPLETED, List.of(receipts));
  }

  private static Map<Integer, float[]> initialWeights() {
    Map<Integer, float[]> weights = new HashMap<>();
    for (float[] vector : CONV.initialWeights(1)) {
      weights.put(weights.size(), vector);
    }
    return weights;
  }

  private static float[] minus(float[] after, float[] before) {
    float[] delta = new float[after.length];
    for (int i = 0; i < delta.length; i++) {
      delta[i] = after[i] - before[i];
    }
    return delta;
  }

  /** Flat deltas of the blocks that an update carries. */
  private static Map<Integer, float[]> decoded(TestFederation federation, ClientUpdate update)
      throws Exception {
    Map<Integer, float[]> blocks = new HashMap<>();
    DecodedSegment decoded = new DecodedSegment();
    for (SegmentUpdate part : update.segments()) {
      Segment segment = federation.manifest.segments().get(part.segment());
      SegmentDecoder.decode(part, segment.length(), 16, decoded);
      assertThat(part.reference()).isEqualTo(Reference.DELTA);
      float[] vector =
          blocks.computeIfAbsent(
              segment.block(), block -> new float[federation.manifest.blocks().get(block).size()]);
      System.arraycopy(decoded.values(), 0, vector, segment.offset(), segment.length());
    }
    return blocks;
  }
}

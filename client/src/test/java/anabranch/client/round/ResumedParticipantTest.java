// SPDX-License-Identifier: Apache-2.0
package anabranch.client.round;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.client.TestFederation;
import anabranch.client.data.FashionMnist;
import anabranch.client.data.LocalData;
import anabranch.client.model.Architecture;
import anabranch.client.state.ClientState;
import anabranch.client.state.Residuals;
import anabranch.client.train.LocalTrainer;
import anabranch.client.train.TrainingResult;
import anabranch.kafka.broker.LocalBroker;
import anabranch.protocol.codec.DecodedSegment;
import anabranch.protocol.codec.EncodingAxes;
import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.codec.EncodingSettings.Index;
import anabranch.protocol.codec.SegmentDecoder;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.ClientUpdate;
import anabranch.protocol.message.Outcome;
import anabranch.protocol.message.Plan;
import anabranch.protocol.message.Receipt;
import anabranch.protocol.message.RoundOutcome;
import anabranch.protocol.message.RoundReceipts;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A participant that finds the state of one that has crashed. */
class ResumedParticipantTest {

  private static final LocalData LITTLE =
      LocalData.withoutHeldOut(FashionMnist.shipped().train().subset(new int[] {0, 1, 2}));

  private static final LocalTrainer NEVER =
      (task, data) -> {
        throw new IllegalStateException("a plan that was answered is trained again");
      };

  /** The largest of a hundred or fewer elements, with error feedback. */
  private static final EncodingSettings ONE_OF_ALL =
      new EncodingAxes("top-k").index(Index.SMALLEST, 0.01).errorFeedback(true).build();

  private static LocalBroker broker;

  @TempDir Path directory;

  @BeforeAll
  static void startBroker() {
    broker = LocalBroker.start();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void updateThatWasUnderWayIsSentAgainAndItsReceiptTaken() throws Exception {
    try (TestFederation federation = federation("resumed");
        SentRecords sent = new SentRecords(federation)) {
      Plan plan = federation.plan(1, List.of("ann"), List.of(1));
      Announcement opened = federation.announce(plan, null);
      ClientUpdate written = crash(federation, plan, opened, false);
      try (Participant participant = participant(federation, sent)) {
        participant.start();

        assertThat(sent.awaitCheckIn().session()).isEqualTo(written.session());
        assertThat(sent.awaitUpdate()).isEqualTo(written);
        sent.awaitEvent("sent 1");
        federation.announce(null, receipts(plan));
        sent.awaitEvent("receipt 1 FOLDED");
      }
      assertThat(directory.toFile().list()).containsExactlyInAnyOrder("lock", "state.json");
    }
  }

  @Test
  void receiptThatCameMeanwhileIsTakenSomeAnnouncementsLater() throws Exception {
    try (TestFederation federation = federation("missed");
        SentRecords sent = new SentRecords(federation)) {
      Plan plan = federation.plan(1, List.of("ann"), List.of(1));
      crash(federation, plan, federation.announce(plan, null), true);
      federation.announce(federation.plan(2, List.of("bob"), List.of(1)), receipts(plan));
      federation.announce(federation.plan(3, List.of("bob"), List.of(1)), null);
      try (Participant participant = participant(federation, sent)) {
        participant.start();

        sent.awaitEvent("receipt 1 FOLDED");
      }
    }
  }

  @Test
  void updateWhosePlanIsGoneWithoutReceiptIsGivenUp() throws Exception {
    try (TestFederation federation = federation("lost");
        SentRecords sent = new SentRecords(federation)) {
      Plan plan = federation.plan(1, List.of("ann"), List.of(1));
      crash(federation, plan, federation.announce(plan, null), false);
      federation.announce(federation.plan(2, List.of("bob"), List.of(1)), null);
      try (Participant participant = participant(federation, sent)) {
        participant.start();

        sent.awaitEvent("receipt 1 lost");
      }
    }
  }

  /** The killed client has sent 1 and has left out 0.5; the restarted one changes nothing. */
  @ParameterizedTest
  @CsvSource({"FOLDED, 0.5", "EXPIRED, 0"})
  void whatWasLeftOutIsSentIfTheReceiptSaysThatTheRestWasFolded(Outcome outcome, float expected)
      throws Exception {
    try (TestFederation federation = federation("left-out-" + outcome);
        SentRecords sent = new SentRecords(federation)) {
      Plan plan = federation.plan(1, List.of("ann"), List.of(1), ONE_OF_ALL);
      crash(federation, plan, federation.announce(plan, null), true);
      assertThat(directory.resolve("residual-1-a.f32")).exists();
      federation.announce(
          federation.plan(2, List.of("ann"), List.of(1), ONE_OF_ALL), receipts(plan, outcome));
      LocalTrainer changesNothing =
          (task, data) -> new TrainingResult(Map.of(1, task.weights().get(1)), 3, Map.of());
      try (Participant participant = participant(federation, sent, changesNothing)) {
        participant.start();

        SegmentUpdate segment = sent.awaitUpdate().segments().get(0);
        DecodedSegment decoded = new DecodedSegment();
        SegmentDecoder.decode(segment, 90, 16, decoded);
        assertThat(decoded.count() == 0 ? 0 : decoded.values()[0]).isEqualTo(expected);
      }
    }
  }

  /** What a client leaves behind that dies while it sends. */
  private ClientUpdate crash(
      TestFederation federation, Plan plan, Announcement opened, boolean acknowledged) {
    try (ClientState state = ClientState.open(directory, federation.topics.federation(), "ann")) {
      float[] before = new float[federation.manifest.blocks().get(1).size()];
      float[] after = before.clone();
      after[0] = 1;
      after[1] = 0.5f;
      Residuals residuals = state.residuals(opened);
      List<SegmentUpdate> segments =
          new UpdateEncoder("ann", plan, federation.manifest)
              .encode(Map.of(1, before), Map.of(1, after), residuals);
      ClientUpdate update =
          new ClientUpdate(
              "ann",
              state.session(),
              plan.planId(),
              plan.round(),
              0,
              1,
              3,
              Map.of(),
              segments,
              null,
              null);
      state.prepare(plan, opened.sequence(), 3, Map.of(), List.of(update), residuals);
      if (acknowledged) {
        state.acknowledged();
      }
      return update;
    }
  }

  private Participant participant(TestFederation federation, SentRecords sent) {
    return participant(federation, sent, NEVER);
  }

  private Participant participant(
      TestFederation federation, SentRecords sent, LocalTrainer trainer) {
    return new Participant(
        ParticipantSettings.of(federation.topics, federation.connection, "ann")
            .withState(directory),
        LITTLE,
        trainer,
        sent);
  }

  private static TestFederation federation(String name) {
    return new TestFederation(
        broker.bootstrapServers(), name, Architecture.MLP.define(Map.of("hidden", "8")));
  }

  private static RoundReceipts receipts(Plan plan) {
    return receipts(plan, Outcome.FOLDED);
  }

  private static RoundReceipts receipts(Plan plan, Outcome outcome) {
    return new RoundReceipts(
        plan.planId(), plan.round(), RoundOutcome.COMPLETED, List.of(new Receipt("ann", outcome)));
  }
}

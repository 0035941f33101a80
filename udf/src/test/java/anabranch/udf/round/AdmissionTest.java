// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import static anabranch.udf.testkit.PolicyBuilder.policy;
import static anabranch.udf.testkit.UpdateBuilder.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import anabranch.protocol.Bytes;
import anabranch.protocol.codec.EncodingAxes;
import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.codec.EncodingSettings.Transform;
import anabranch.protocol.message.ClientCheckIn;
import anabranch.protocol.message.Ledger;
import anabranch.protocol.message.Outcome;
import anabranch.protocol.message.Plan;
import anabranch.protocol.message.Receipt;
import anabranch.udf.message.Header;
import anabranch.udf.message.Order;
import anabranch.udf.message.RecordId;
import anabranch.udf.round.RoundPolicy.Parts;
import anabranch.udf.round.RoundPolicy.Unused;
import anabranch.udf.testkit.ControlPlane;
import anabranch.udf.testkit.UpdateBuilder;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AdmissionTest {

  private static final int[] ALL = {0, 1, 2, 3, 4};

  private final ControlPlane plane = ControlPlane.running(policy().build(), "a", "b");

  @Test
  void completeUpdateIsFoldedInAllItsSegments() {
    Header.Update header = plane.answer("a");

    for (int segment : ALL) {
      Order.Fold fold = (Order.Fold) plane.orderFor(header.id(), segment);
      assertThat(fold.weight()).isEqualTo(ControlPlane.SAMPLES);
      // E = 16 and weights to 10: 16 + 4 - 51
      assertThat(fold.unitExponent()).isEqualTo(-31);
    }
  }

  @Test
  void partsWaitForEachOther() {
    Header.Update first = plane.send(answer("a", plane.plan()).part(0, 2, 0, 1));
    assertThat(plane.orderFor(first.id(), 0)).isNull();

    Header.Update second = plane.send(answer("a", plane.plan()).part(1, 2, 2, 3, 4));

    assertThat(plane.orderFor(first.id(), 0)).isInstanceOf(Order.Fold.class);
    assertThat(plane.orderFor(second.id(), 4)).isInstanceOf(Order.Fold.class);
  }

  @Test
  void independentPartsAreFoldedAsTheyCome() {
    ControlPlane independent =
        ControlPlane.running(policy().parts(Parts.INDEPENDENT).build(), "a", "b");

    Header.Update first = independent.send(answer("a", independent.plan()).part(0, 2, 0, 1));

    assertThat(independent.orderFor(first.id(), 0)).isInstanceOf(Order.Fold.class);
    assertThat(independent.orderFor(first.id(), 1)).isInstanceOf(Order.Fold.class);
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        refusal("UNKNOWN_SESSION", u -> u.session(5)),
        refusal("FUTURE_PLAN", u -> u.planId(5).round(2)),
        refusal("UNKNOWN_PLAN", u -> u.planId(5)),
        refusal("TOO_MANY_PARTS", u -> u.part(0, 6, ALL)),
        refusal("WRONG_REFERENCE", u -> u.weights(true)),
        refusal("WRONG_TRANSFORM", u -> u.encoding(rotated())),
        refusal("SEGMENTS_MISSING", u -> u.part(0, 1, 0, 1, 2, 3)));
  }

  private static EncodingSettings rotated() {
    return new EncodingAxes("rotated").transform(Transform.ROTATION, 0).build();
  }

  private static Arguments refusal(String reason, UnaryOperator<UpdateBuilder> change) {
    return Arguments.of(reason, change);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refusals")
  void wrongRecordIsDroppedWithItsReason(String reason, UnaryOperator<UpdateBuilder> change) {
    Header.Update header = plane.send(change.apply(answer("a", plane.plan())));

    assertRefused(header, reason);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refusals")
  void badCopyAheadOfTheGoodOneDoesNotCostItsSlot(
      String reason, UnaryOperator<UpdateBuilder> change) {
    plane.send(change.apply(answer("a", plane.plan())));

    Header.Update good = plane.answer("a");
    plane.answer("b");

    assertThat(plane.orderFor(good.id(), 0)).isInstanceOf(Order.Fold.class);
    assertThat(plane.announcement().receipts().receipts())
        .containsExactly(new Receipt("a", Outcome.FOLDED), new Receipt("b", Outcome.FOLDED));
  }

  @Test
  void unknownClientIsRefused() {
    assertRefused(plane.answer("nobody"), "UNKNOWN_CLIENT");
  }

  @Test
  void clientOutsideTheCohortIsRefused() {
    plane.checkIn("c");

    assertRefused(plane.answer("c"), "NOT_IN_COHORT");
  }

  @Test
  void clientThatLeftIsUnknown() {
    Plan plan = plane.plan();
    plane.receive(new Header.Gone(UpdateBuilder.id(900), "a"));

    assertRefused(plane.send(answer("a", plan)), "UNKNOWN_CLIENT");
  }

  @Test
  void partsThatDisagreeAreRefused() {
    plane.send(answer("a", plane.plan()).part(0, 3, 0));

    assertRefused(plane.send(answer("a", plane.plan()).part(1, 2, 1)), "PARTS_INCONSISTENT");
    assertRefused(
        plane.send(answer("a", plane.plan()).part(1, 3, 1).samples(11)), "PARTS_INCONSISTENT");
  }

  @Test
  void segmentOfTwoPartsIsRefused() {
    plane.send(answer("a", plane.plan()).part(0, 3, 0, 1));

    assertRefused(plane.send(answer("a", plane.plan()).part(1, 3, 1, 2)), "SEGMENT_TWICE");
  }

  @Test
  void segmentOfAnotherBlockIsRefused() {
    ControlPlane blockwise =
        ControlPlane.running(
            policy().schedule(StageSchedule.Order.ROUND_ROBIN, 1).build(), "a", "b");

    Header.Update header = blockwise.send(answer("a", blockwise.plan()).part(0, 1, 0, 1, 2));

    assertThat(blockwise.output.rejected.get(0).reason()).isEqualTo("SEGMENT_NOT_IN_PLAN");
    assertThat(blockwise.output.rejected.get(0).detail())
        .isEqualTo("segment 2, the plan trains blocks [0]");
    assertThat(blockwise.orderFor(header.id(), 2)).isInstanceOf(Order.Drop.class);
  }

  @Test
  void updateBeyondWhatItsEncodingTakesIsRefused() {
    Header.Update exact = answer("a", plane.plan()).header(500, 17 * 4);
    Header.Update larger = answer("b", plane.plan()).header(501, 17 * 4 + 1);

    plane.receive(exact);
    plane.receive(larger);

    assertThat(plane.orderFor(exact.id(), 0)).isInstanceOf(Order.Fold.class);
    assertRefused(larger, "OVERSIZE");
  }

  @Test
  void missingSegmentsRefuseEveryPart() {
    Header.Update first = plane.send(answer("a", plane.plan()).part(0, 2, 0, 1));
    Header.Update second = plane.send(answer("a", plane.plan()).part(1, 2, 2, 3));

    String detail = "no part brings 1 of the plan's 5 segments, the first of them is 4";
    assertThat(plane.output.rejected)
        .extracting("reason", "offset", "detail")
        .containsExactly(
            tuple("SEGMENTS_MISSING", first.id().offset(), detail),
            tuple("SEGMENTS_MISSING", second.id().offset(), detail));
    assertThat(plane.orderFor(first.id(), 1)).isInstanceOf(Order.Drop.class);
    assertThat(plane.orderFor(second.id(), 3)).isInstanceOf(Order.Drop.class);
    assertThat(plane.coordinator().state().ledger.toLedger().rejected()).isEqualTo(2);
  }

  @Test
  void secondCopyOfAPartIsADuplicate() {
    plane.answer("a");
    Header.Update copy = plane.answer("a");

    assertThat(plane.orderFor(copy.id(), 0)).isInstanceOf(Order.Drop.class);
    assertThat(plane.coordinator().state().ledger.toLedger().duplicate()).isEqualTo(1);
    assertThat(plane.output.rejected).isEmpty();
  }

  /** A client that crashed between two parts trains again, and not to the same bits. */
  @Test
  void updateIsNotPutTogetherFromTwoSessions() {
    Plan plan = plane.plan();
    Header.Update before = plane.send(answer("a", plan).part(0, 2, 0, 1));

    plane.receive(
        new Header.CheckIn(
            new RecordId(RecordId.Source.CLIENTS, 0, 900),
            new ClientCheckIn("a", 99, ClientCheckIn.Status.READY, 10, 0, "test")));
    Header.Update first = plane.send(answer("a", plan).session(99).part(0, 2, 0, 1));
    plane.send(answer("a", plan).session(99).part(1, 2, 2, 3, 4));

    assertThat(plane.orderFor(before.id(), 0)).isInstanceOf(Order.Drop.class);
    assertThat(plane.orderFor(first.id(), 0)).isInstanceOf(Order.Fold.class);
    assertThat(plane.coordinator().state().ledger.toLedger())
        .isEqualTo(new Ledger(3, 0, 0, 0, 0, 0, 1, 2));
  }

  @Test
  void unusedRecordsAreToldOfWhenThePolicySaysSo() {
    ControlPlane telling = ControlPlane.running(policy().unused(Unused.RECORD).build(), "a", "b");
    telling.answer("a");

    telling.answer("a");

    assertThat(telling.output.rejected).extracting("reason").containsExactly("DUPLICATE");
  }

  @Test
  void weightIsCappedByDeclaredSamplesAndByTheFederation() {
    ControlPlane capped = ControlPlane.loaded(policy().cohort(2).maxSamples(50).build());
    capped.checkIn("a", 40);
    capped.checkIn("b", 60);

    Header.Update liar = capped.send(answer("a", capped.plan()).samples(1_000_000));
    Header.Update rich = capped.send(answer("b", capped.plan()).samples(60));

    assertThat(((Order.Fold) capped.orderFor(liar.id(), 0)).weight()).isEqualTo(40);
    assertThat(((Order.Fold) capped.orderFor(rich.id(), 0)).weight()).isEqualTo(50);
  }

  @Test
  void laterCheckInDoesNotRaiseTheWeightBeyondTheGrid() {
    plane.checkIn("a", 900);

    Header.Update header = plane.send(answer("a", plane.plan()).samples(900));

    assertThat(((Order.Fold) plane.orderFor(header.id(), 0)).weight())
        .isEqualTo(ControlPlane.SAMPLES);
  }

  @Test
  void unreadableRecordIsCountedAndReported() {
    plane.receive(
        new Header.Unusable(
            UpdateBuilder.id(77), 64, "UNREADABLE", "no Avro", null, 0, Bytes.EMPTY));

    assertThat(plane.output.rejected.get(0).topic()).isEqualTo("test.updates");
    assertThat(plane.output.rejected.get(0).offset()).isEqualTo(77);
    assertThat(plane.coordinator().state().ledger.toLedger().rejected()).isEqualTo(1);
    assertThat(plane.coordinator().state().ledger.toLedger().received()).isEqualTo(1);
  }

  private void assertRefused(Header.Update header, String reason) {
    assertThat(plane.output.rejected).extracting("reason").endsWith(reason);
    for (int segment : header.segments()) {
      assertThat(plane.orderFor(header.id(), segment)).isInstanceOf(Order.Drop.class);
    }
    assertThat(plane.coordinator().state().ledger.toLedger().rejected()).isPositive();
    assertThat(plane.coordinator().state().ledger.toLedger().balances()).isTrue();
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import static anabranch.udf.testkit.PolicyBuilder.policy;
import static org.assertj.core.api.Assertions.assertThat;

import anabranch.protocol.message.Ledger;
import anabranch.protocol.message.Outcome;
import anabranch.protocol.message.RoundOutcome;
import anabranch.udf.message.Header;
import anabranch.udf.message.Order;
import anabranch.udf.message.RecordId;
import anabranch.udf.round.RoundPolicy.Parts;
import anabranch.udf.round.RoundPolicy.Unused;
import anabranch.udf.testkit.ControlPlane;
import anabranch.udf.testkit.Models;
import anabranch.udf.testkit.PolicyBuilder;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds after every single call, whatever comes. */
class CoordinatorStormTest {

  private static final int STEPS = 3000;

  private record Consumed(RecordId id, int segment) {}

  static Stream<Arguments> configurations() {
    return Stream.of(Parts.values())
        .flatMap(
            parts ->
                Stream.of(StageSchedule.Order.WHOLE, StageSchedule.Order.ROUND_ROBIN)
                    .flatMap(order -> Stream.of(1L, 2L).map(s -> Arguments.of(parts, order, s))));
  }

  private static FederationPolicy configuration(Parts parts, StageSchedule.Order order) {
    return policy()
        .cohort(3)
        .quorum(2)
        .minAvailable(3)
        .overSelection(1.3)
        .parts(parts)
        .schedule(order, 2)
        .unused(Unused.RECORD)
        .build();
  }

  @ParameterizedTest
  @MethodSource("configurations")
  void everyRecordHasOnePlaceAndEveryPayloadOneOrder(
      Parts parts, StageSchedule.Order order, long seed) {
    Storm storm = new Storm(seed);
    ControlPlane plane = ControlPlane.loaded(configuration(parts, order));
    long[] nextNumber = new long[Models.MANIFEST.segments().size()];
    Set<Consumed> consumed = new HashSet<>();
    int checked = 0;
    for (int step = 0; step < STEPS; step++) {
      storm.next(plane).accept(plane);

      Ledger ledger = plane.coordinator().state().ledger.toLedger();
      assertThat(ledger.balances()).as("step %d: %s", step, ledger).isTrue();
      for (; checked < plane.output.orders.size(); checked++) {
        Order next = plane.output.orders.get(checked);
        assertThat(next.number()).as("%s", next).isEqualTo(nextNumber[next.segment()]++);
        if (next instanceof Order.ForPayload forPayload) {
          assertThat(consumed.add(new Consumed(forPayload.payload(), next.segment())))
              .as("first order for %s", next)
              .isTrue();
        }
      }
    }
    endTheOpenRound(plane);
    plane
        .output
        .orders(Order.ForPayload.class)
        .forEach(o -> consumed.add(new Consumed(o.payload(), o.segment())));
    for (Header.Update header : storm.sent) {
      for (int segment : header.segments()) {
        assertThat(consumed).contains(new Consumed(header.id(), segment));
      }
    }
    assertThatTheStormWasOne(plane);
  }

  @ParameterizedTest
  @MethodSource("configurations")
  void stateThatWasWrittenAndReadDecidesAsIfItNeverHadBeen(
      Parts parts, StageSchedule.Order order, long seed) {
    Storm storm = new Storm(seed + 100);
    ControlPlane plane = ControlPlane.fresh(configuration(parts, order), List.of(Models.initial()));
    ControlPlane twin = plane.twin();
    for (int segment = 0; segment < 5; segment++) {
      plane.receive(Models.loaded(segment, 0, segment));
      twin.receive(Models.loaded(segment, 0, segment));
      twin = compare(plane, twin);
    }
    for (int step = 0; step < STEPS; step++) {
      int orders = plane.output.orders.size();
      Consumer<ControlPlane> next = storm.next(plane);

      next.accept(plane);
      next.accept(twin);

      boolean decided = plane.output.orders.size() > orders;
      if (decided || step % 10 == 0) {
        twin = compare(plane, twin);
      }
    }
    assertThat(plane.reports()).hasSizeGreaterThan(20);
  }

  /** Compares what both decided, and returns the twin as it reads itself from its own snapshot. */
  private static ControlPlane compare(ControlPlane plane, ControlPlane twin) {
    assertThat(twin.output.orders).isEqualTo(tail(plane.output.orders, twin.output.orders));
    assertThat(twin.output.drafts).isEqualTo(tail(plane.output.drafts, twin.output.drafts));
    assertThat(twin.output.rejected).isEqualTo(tail(plane.output.rejected, twin.output.rejected));
    assertThat(twin.snapshot()).isEqualTo(plane.snapshot());
    assertThat(twin.coordinator().wakeAt(twin.now()))
        .isEqualTo(plane.coordinator().wakeAt(plane.now()));
    return twin.twin();
  }

  private static <T> List<T> tail(List<T> all, List<T> sameLength) {
    return all.subList(all.size() - sameLength.size(), all.size());
  }

  private static void endTheOpenRound(ControlPlane plane) {
    plane.visible();
    plane.pass(PolicyBuilder.DEADLINE);
  }

  /** Without this, a storm that only ever met one case would prove nothing. */
  private static void assertThatTheStormWasOne(ControlPlane plane) {
    Ledger ledger = plane.coordinator().state().ledger.toLedger();
    assertThat(ledger.open()).isZero();
    assertThat(ledger.received()).isGreaterThan(1500);
    assertThat(
            Stream.of(
                ledger.folded(),
                ledger.late(),
                ledger.surplus(),
                ledger.duplicate(),
                ledger.rejected(),
                ledger.expired()))
        .allMatch(count -> count > 10);
    assertThat(plane.reports())
        .extracting("outcome")
        .contains(RoundOutcome.COMPLETED, RoundOutcome.QUORUM_MISSED);
    assertThat(plane.output.rejected)
        .extracting("reason")
        .contains(
            Outcome.LATE.name(),
            Outcome.SURPLUS.name(),
            Outcome.DUPLICATE.name(),
            "UNKNOWN_CLIENT",
            "UNKNOWN_SESSION",
            "FUTURE_PLAN",
            "NOT_IN_COHORT",
            "PARTS_INCONSISTENT",
            "WRONG_REFERENCE");
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import static anabranch.udf.testkit.PolicyBuilder.policy;
import static anabranch.udf.testkit.UpdateBuilder.answer;
import static org.assertj.core.api.Assertions.assertThat;

import anabranch.protocol.codec.Reference;
import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.BlockVersion;
import anabranch.protocol.message.Contribution;
import anabranch.protocol.message.Ledger;
import anabranch.protocol.message.Outcome;
import anabranch.protocol.message.Plan;
import anabranch.protocol.message.Receipt;
import anabranch.protocol.message.RoundOutcome;
import anabranch.protocol.message.RoundReport;
import anabranch.udf.message.Header;
import anabranch.udf.message.Order;
import anabranch.udf.round.RoundPolicy.Parts;
import anabranch.udf.testkit.ControlPlane;
import anabranch.udf.testkit.PolicyBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoundCloseTest {

  @Test
  void roundClosesWhenEnoughUpdatesAreIn() {
    ControlPlane plane = ControlPlane.running(policy().build(), "a", "b");
    Plan first = plane.plan();
    plane.answer("a");
    plane.answer("b");

    Announcement closing = plane.announcement();
    assertThat(closing.modelVersion()).isEqualTo(1);
    assertThat(closing.blocks()).extracting(BlockVersion::version).containsExactly(1L, 1L, 1L);
    assertThat(closing.receipts().planId()).isEqualTo(first.planId());
    assertThat(closing.receipts().outcome()).isEqualTo(RoundOutcome.COMPLETED);
    assertThat(closing.plan().round()).isEqualTo(2);
    assertThat(closing.plan().previousPlanId()).isEqualTo(first.planId());
    assertThat(plane.output.drafts.get(1).awaited()).containsExactly(0, 1, 2);
    assertThat(plane.output.orders(Order.Close.class))
        .extracting(Order.Close::segment)
        .containsExactly(0, 1, 2, 3, 4);
    assertThat(plane.output.orders(Order.Close.class))
        .allSatisfy(close -> assertThat(close.sequence()).isEqualTo(closing.sequence()));
  }

  @Test
  void buffersAreReplacedByTheirMeanWhateverTheLearningRate() {
    ControlPlane plane = ControlPlane.running(policy().learningRate(0.5).build(), "a", "b");
    plane.answer("a");
    plane.answer("b");

    List<Order.Close> closes = plane.output.orders(Order.Close.class);
    assertThat(closes.get(0).reference()).isEqualTo(Reference.DELTA);
    assertThat(closes.get(0).learningRate()).isEqualTo(0.5);
    assertThat(closes.get(1).reference()).isEqualTo(Reference.WEIGHTS);
    assertThat(closes.get(1).learningRate()).isEqualTo(1);
  }

  @Test
  void reportAveragesMetricsByWeight() {
    ControlPlane plane = ControlPlane.loaded(policy().build());
    plane.checkIn("a", 10);
    plane.checkIn("b", 30);
    Plan plan = plane.plan();
    plane.send(answer("b", plan).samples(30).metrics(Map.of("loss", 2.0)));
    plane.send(answer("a", plan).samples(10).metrics(Map.of("loss", 1.0, "accuracy", 0.5)));

    RoundReport report = plane.lastReport();
    assertThat(report.metrics())
        .containsExactlyInAnyOrderEntriesOf(Map.of("loss", 1.75, "accuracy", 0.5));
    assertThat(report.contributions())
        .containsExactly(
            new Contribution("a", 10, 68, Map.of("loss", 1.0, "accuracy", 0.5)),
            new Contribution("b", 30, 68, Map.of("loss", 2.0)));
    assertThat(report.payloadBytes()).isEqualTo(136);
    assertThat(report.denseBytes()).isEqualTo(136);
    assertThat(report.recordBytes()).isEqualTo(2 * 168);
  }

  @Test
  void nobodyWaitsForAClientThatHasLeft() {
    FederationPolicy policy = policy().cohort(3).quorum(2).minAvailable(3).build();
    ControlPlane before = ControlPlane.running(policy, "a", "b", "c");
    before.leave("c");
    before.answer("a");
    assertThat(before.reports()).isEmpty();
    before.answer("b");
    ControlPlane after = ControlPlane.running(policy, "a", "b", "c");
    after.answer("a");
    after.answer("b");
    assertThat(after.reports()).isEmpty();
    after.leave("c");

    for (ControlPlane plane : List.of(before, after)) {
      assertThat(plane.lastReport().outcome()).isEqualTo(RoundOutcome.COMPLETED);
      assertThat(plane.lastReport().contributions())
          .extracting(Contribution::clientId)
          .containsExactly("a", "b");
    }
  }

  @Test
  void aClientThatLeftAndCameBackIsAwaitedAgainAfterARestartToo() {
    ControlPlane plane =
        ControlPlane.running(policy().cohort(3).quorum(2).minAvailable(3).build(), "a", "b", "c");
    plane.visible();
    plane.leave("b");
    plane.leave("c");
    plane.checkIn("c");
    plane.restart(Duration.ofSeconds(1));
    plane.answer("a");
    assertThat(plane.reports()).isEmpty();
    plane.answer("c");

    assertThat(plane.lastReport().contributions())
        .extracting(Contribution::clientId)
        .containsExactly("a", "c");
  }

  @Test
  void departuresAloneFailNoRound() {
    ControlPlane plane = ControlPlane.running(policy().quorum(2).build(), "a", "b");
    plane.answer("a");
    plane.leave("b");
    assertThat(plane.reports()).isEmpty();
    plane.checkIn("b");
    plane.answer("b");

    assertThat(plane.lastReport().outcome()).isEqualTo(RoundOutcome.COMPLETED);
  }

  @Test
  void quorumSufficesAtTheDeadline() {
    ControlPlane plane =
        ControlPlane.running(policy().cohort(3).quorum(2).minAvailable(3).build(), "a", "b", "c");
    plane.answer("a");
    plane.answer("c");
    assertThat(plane.reports()).isEmpty();

    plane.passDeadline();

    assertThat(plane.lastReport().outcome()).isEqualTo(RoundOutcome.COMPLETED);
    assertThat(plane.announcement().receipts().receipts())
        .containsExactly(new Receipt("a", Outcome.FOLDED), new Receipt("c", Outcome.FOLDED));
  }

  @Test
  void deadlineCountsFromTheMomentThePlanIsVisible() {
    ControlPlane plane = ControlPlane.running(policy().build(), "a", "b");

    plane.pass(Duration.ofMinutes(30));
    assertThat(plane.reports()).isEmpty();
    plane.visible();
    plane.pass(PolicyBuilder.DEADLINE.minusMillis(1));
    assertThat(plane.reports()).isEmpty();
    plane.pass(Duration.ofMillis(1));

    assertThat(plane.reports()).hasSize(1);
    assertThat(plane.lastReport().closedAt() - plane.lastReport().visibleAt())
        .isEqualTo(PolicyBuilder.DEADLINE.toMillis());
  }

  @Test
  void recordForARoundClosedByTheDeadlineIsLate() {
    ControlPlane plane =
        ControlPlane.running(policy().cohort(3).quorum(2).minAvailable(3).build(), "a", "b", "c");
    Plan closed = plane.plan();
    plane.answer("a");
    plane.answer("b");
    plane.passDeadline();

    Header.Update late = plane.send(answer("c", closed));

    assertThat(plane.orderFor(late.id(), 0)).isInstanceOf(Order.Drop.class);
    assertThat(ledger(plane)).isEqualTo(new Ledger(3, 2, 1, 0, 0, 0, 0, 0));
  }

  @Test
  void recordForARoundClosedByEnoughUpdatesIsSurplus() {
    ControlPlane plane =
        ControlPlane.running(
            policy().cohort(2).overSelection(1.5).minAvailable(3).build(), "a", "b", "c");
    Plan closed = plane.plan();
    assertThat(closed.cohort()).hasSize(3);
    plane.answer("a");
    plane.answer("b");

    Header.Update surplus = plane.send(answer("c", closed));

    assertThat(plane.orderFor(surplus.id(), 0)).isInstanceOf(Order.Drop.class);
    assertThat(ledger(plane)).isEqualTo(new Ledger(3, 2, 0, 1, 0, 0, 0, 0));
  }

  @Test
  void replayOfAForgottenRoundIsLate() {
    ControlPlane plane = ControlPlane.running(policy().cohort(1).build(), "a");
    Plan first = plane.plan();
    for (int round = 0; round < 70; round++) {
      plane.answer("a");
    }

    plane.send(answer("a", first));

    assertThat(ledger(plane).late()).isEqualTo(1);
    assertThat(ledger(plane).folded()).isEqualTo(70);
  }

  @Test
  void incompleteUpdateExpiresAtTheClose() {
    ControlPlane plane =
        ControlPlane.running(policy().cohort(3).quorum(2).minAvailable(3).build(), "a", "b", "c");
    Header.Update half = plane.send(answer("c", plane.plan()).part(0, 2, 0, 1));
    plane.answer("a");
    plane.answer("b");
    plane.passDeadline();

    assertThat(plane.orderFor(half.id(), 1)).isInstanceOf(Order.Drop.class);
    assertThat(ledger(plane)).isEqualTo(new Ledger(3, 2, 0, 0, 0, 0, 1, 0));
    assertThat(plane.announcement().receipts().receipts())
        .contains(new Receipt("c", Outcome.EXPIRED));
    Order drop = plane.orderFor(half.id(), 1);
    Order close = plane.output.orders(Order.Close.class).get(1);
    assertThat(drop.number()).isLessThan(close.number());
  }

  @Test
  void incompleteIndependentUpdateHasFoldedWhatCame() {
    ControlPlane plane =
        ControlPlane.running(
            policy().cohort(3).quorum(2).minAvailable(3).parts(Parts.INDEPENDENT).build(),
            "a",
            "b",
            "c");
    Header.Update half = plane.send(answer("c", plane.plan()).part(0, 2, 0, 1));
    plane.answer("a");
    plane.answer("b");
    plane.passDeadline();

    assertThat(plane.orderFor(half.id(), 1)).isInstanceOf(Order.Fold.class);
    assertThat(ledger(plane)).isEqualTo(new Ledger(3, 3, 0, 0, 0, 0, 0, 0));
    assertThat(plane.announcement().receipts().receipts())
        .contains(new Receipt("c", Outcome.EXPIRED));
  }

  @Test
  void blockwiseRoundTrainsOneBlockAndHoldsTheRest() {
    ControlPlane plane =
        ControlPlane.running(
            policy()
                .schedule(StageSchedule.Order.ROUND_ROBIN, 1)
                .curriculum(
                    new LinearCurriculum(
                        new Curriculum.Range(1, 0), new Curriculum.Range(0, 1), 0, 0))
                .build(),
            "a",
            "b");
    plane.answer("a");
    plane.answer("b");

    Plan second = plane.plan();
    assertThat(second.trainBlocks()).containsExactly(1);
    assertThat(second.holdBlocks()).containsExactly(0, 2);
    assertThat(second.stage()).isEqualTo(2);
    assertThat(second.lambda()).isEqualTo(0.5);
    assertThat(second.gamma()).isEqualTo(0.5);
    assertThat(plane.announcement().blocks())
        .extracting(BlockVersion::version)
        .containsExactly(1L, 0L, 0L);
    assertThat(plane.output.orders(Order.Close.class))
        .extracting(Order.Close::segment)
        .containsExactly(0, 1);
  }

  @Test
  void federationIsFinishedAfterItsRounds() {
    ControlPlane plane = ControlPlane.running(policy().limit(2).build(), "a", "b");
    for (int round = 0; round < 2; round++) {
      plane.answer("a");
      plane.answer("b");
    }

    assertThat(plane.announcement().state()).isEqualTo(Announcement.State.FINISHED);
    assertThat(plane.announcement().plan()).isNull();
    int drafts = plane.output.drafts.size();
    plane.checkIn("c");
    plane.pass(Duration.ofDays(1));
    assertThat(plane.output.drafts).hasSize(drafts);
    assertThat(plane.coordinator().wakeAt(plane.now())).isEqualTo(Long.MAX_VALUE);
  }

  private static Ledger ledger(ControlPlane plane) {
    return plane.coordinator().state().ledger.toLedger();
  }
}

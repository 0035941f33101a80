// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import static anabranch.udf.testkit.PolicyBuilder.policy;
import static anabranch.udf.testkit.UpdateBuilder.answer;
import static org.assertj.core.api.Assertions.assertThat;

import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.BlockVersion;
import anabranch.protocol.message.Ledger;
import anabranch.protocol.message.Plan;
import anabranch.protocol.message.RoundOutcome;
import anabranch.udf.message.Draft;
import anabranch.udf.message.Header;
import anabranch.udf.message.Order;
import anabranch.udf.round.RoundPolicy.Parts;
import anabranch.udf.testkit.ControlPlane;
import anabranch.udf.testkit.PolicyBuilder;
import anabranch.udf.testkit.UpdateBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestoreTest {

  private final ControlPlane plane = ControlPlane.running(policy().build(), "a", "b");

  @Test
  void outageDoesNotCountAgainstTheDeadline() {
    plane.visible();
    plane.pass(Duration.ofSeconds(40));
    plane.restart(Duration.ofMinutes(4));

    plane.pass(Duration.ofSeconds(19));
    assertThat(plane.reports()).isEmpty();
    plane.pass(Duration.ofSeconds(1));

    assertThat(plane.reports()).hasSize(1);
  }

  @Test
  void planInTheSnapshotIsVisibleAfterTheRestore() {
    plane.restart(Duration.ofSeconds(5));

    assertThat(plane.coordinator().invisiblePlan()).isZero();
    plane.pass(PolicyBuilder.DEADLINE);
    assertThat(plane.reports()).hasSize(1);
  }

  @Test
  void shortOutagePublishesNothingAgain() {
    int orders = plane.output.orders.size();

    plane.restart(Duration.ofMinutes(5));

    assertThat(plane.output.orders).hasSize(orders);
    assertThat(plane.output.drafts).hasSize(1);
  }

  @Test
  void longOutagePublishesTheNewestVersionAgain() {
    plane.answer("a");
    plane.answer("b");
    Announcement before = plane.announcement();

    plane.restart(Duration.ofMinutes(6));

    List<Order.Republish> orders = plane.output.orders(Order.Republish.class);
    assertThat(orders).extracting(Order.Republish::segment).containsExactly(0, 1, 2, 3, 4);
    assertThat(orders)
        .allSatisfy(
            order -> {
              assertThat(order.version()).isEqualTo(before.blocks().get(0).version());
              assertThat(order.timestamp()).isEqualTo(before.blocks().get(0).publishedAt());
              assertThat(order.sequence()).isEqualTo(before.sequence() + 1);
            });
    assertThat(plane.announcement().plan()).isEqualTo(before.plan());
    assertThat(plane.announcement().receipts())
        .as("clients that never saw them must learn what became of their updates")
        .isEqualTo(before.receipts())
        .isNotNull();
    assertThat(plane.announcement().blocks()).isEqualTo(before.blocks());
    assertThat(plane.output.drafts.get(2).awaited()).containsExactly(0, 1, 2);
  }

  @Test
  void waitForClientsGoesOnAfterTheOutage() {
    ControlPlane lonely = ControlPlane.running(policy().build(), "a");
    lonely.pass(Duration.ofSeconds(30));

    lonely.restart(Duration.ofMinutes(3));
    lonely.pass(Duration.ofSeconds(29));
    assertThat(lonely.reports()).isEmpty();
    lonely.pass(Duration.ofSeconds(1));

    assertThat(lonely.lastReport().outcome()).isEqualTo(RoundOutcome.NO_ELIGIBLE_CLIENTS);
  }

  /** Parts, bounds and sketches of one configuration are no use under another. */
  @ParameterizedTest
  @CsvSource({"ATOMIC, INDEPENDENT, 1", "INDEPENDENT, ATOMIC, 0"})
  void restartWithAnotherConfigurationAbandonsThePlan(Parts before, Parts after, int drops) {
    ControlPlane old = ControlPlane.running(policy().parts(before).build(), "a", "b");
    Plan abandoned = old.plan();
    Header.Update half = old.send(answer("a", abandoned).part(0, 2, 2));
    ControlPlane restored = old.twin(policy().parts(after).build());

    restored.coordinator().resumeAfterRestore(restored.now(), 1000);

    assertThat(restored.lastReport().outcome()).isEqualTo(RoundOutcome.ABANDONED);
    assertThat(restored.announcement().receipts().planId()).isEqualTo(abandoned.planId());
    assertThat(restored.output.orders(Order.Drop.class))
        .as("one order for each payload: %s, folded before if parts were independent", half)
        .hasSize(drops);
    assertThat(restored.output.orders(Order.Discard.class)).hasSize(5);
    assertThat(restored.plan().round()).isEqualTo(2);
    assertThat(restored.plan().previousPlanId()).isEqualTo(abandoned.planId());
    assertThat(restored.coordinator().state().ledger.toLedger())
        .isEqualTo(new Ledger(1, 0, 0, 0, 0, 0, 1, 0));
  }

  @Test
  void restartWithTheSameConfigurationKeepsThePlan() {
    ControlPlane restored = plane.twin(policy().build());

    restored.coordinator().resumeAfterRestore(restored.now(), 1000);

    assertThat(restored.output.drafts).isEmpty();
  }

  @Test
  void rollbackMakesTheOldValuesTheNewestVersion() {
    ControlPlane old = plane.twin();
    advance(plane, 2);
    List<Announcement> heads = heads(plane);
    Announcement head = heads.get(0);

    old.coordinator().rollBack(heads, old.now());

    List<Order.Republish> orders = old.output.orders(Order.Republish.class);
    assertThat(orders).hasSize(5);
    Announcement renumbered = old.output.drafts.get(0).announcement();
    assertThat(renumbered.incarnation()).isEqualTo(head.incarnation() + 1);
    assertThat(renumbered.sequence()).isEqualTo(head.sequence() + 1);
    assertThat(renumbered.modelVersion()).isZero();
    for (int block = 0; block < 3; block++) {
      BlockVersion announced = head.blocks().get(block);
      BlockVersion rolledBack = renumbered.blocks().get(block);
      assertThat(rolledBack.version()).isGreaterThan(announced.issued() + 1);
      assertThat(rolledBack.version() % 4).isNotEqualTo(announced.version() % 4);
      assertThat(rolledBack.digest())
          .isEqualTo(plane.output.drafts.get(0).announcement().blocks().get(block).digest());
    }
    assertThat(orders.get(0).version()).isEqualTo(renumbered.blocks().get(0).version());
  }

  @Test
  void rollbackEndsTheRoundOfTheStateAndTellsOfTheOneItAbandons() {
    Plan early = plane.plan();
    plane.send(answer("a", early).part(0, 2, 0, 1));
    ControlPlane old = plane.twin();
    plane.send(answer("a", early).part(1, 2, 2, 3, 4));
    plane.answer("b");
    advance(plane, 1);
    Plan abandoned = plane.plan();

    old.coordinator().rollBack(heads(plane), old.now());

    assertThat(old.output.orders(Order.Drop.class)).hasSize(2);
    assertThat(old.output.orders(Order.Discard.class)).hasSize(5);
    assertThat(old.lastReport().outcome()).isEqualTo(RoundOutcome.ABANDONED);
    assertThat(old.lastReport().planId()).isEqualTo(abandoned.planId());
    assertThat(old.output.drafts.get(0).announcement().receipts().planId())
        .as("of the first announcement; a client takes one without for the loss of its update")
        .isEqualTo(abandoned.planId());
    old.send(answer("a", early));
    old.send(answer("a", abandoned));
    assertThat(old.coordinator().state().ledger.toLedger().late()).isEqualTo(2);
    assertThat(old.coordinator().state().ledger.toLedger().received()).isEqualTo(2);
    assertThat(old.coordinator().state().traffic.recordBytes).isEqualTo(2 * 168);
  }

  @Test
  void rollbackGoesOnWithNewRounds() {
    ControlPlane old = plane.twin();
    advance(plane, 3);
    long newestRound = plane.plan().round();

    old.coordinator().rollBack(heads(plane), old.now());
    old.checkIn("a");

    assertThat(old.plan().round()).isEqualTo(newestRound + 1);
    assertThat(old.plan().previousPlanId()).isEqualTo(plane.plan().planId());
    old.answer("a");
    old.answer("b");
    assertThat(old.announcement().modelVersion()).isEqualTo(1);
  }

  private static void advance(ControlPlane plane, int rounds) {
    for (int round = 0; round < rounds; round++) {
      Plan plan = plane.plan();
      plane.send(UpdateBuilder.answer("a", plan));
      plane.send(UpdateBuilder.answer("b", plan));
    }
  }

  private static List<Announcement> heads(ControlPlane plane) {
    List<Announcement> heads =
        new ArrayList<>(plane.output.drafts.stream().map(Draft::announcement).toList());
    Collections.reverse(heads);
    return heads;
  }
}

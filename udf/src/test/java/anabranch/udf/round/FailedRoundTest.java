// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import static anabranch.udf.testkit.PolicyBuilder.policy;
import static anabranch.udf.testkit.UpdateBuilder.answer;
import static org.assertj.core.api.Assertions.assertThat;

import anabranch.protocol.Bytes;
import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.BlockVersion;
import anabranch.protocol.message.ClientCheckIn;
import anabranch.protocol.message.Ledger;
import anabranch.protocol.message.Outcome;
import anabranch.protocol.message.Plan;
import anabranch.protocol.message.Receipt;
import anabranch.protocol.message.RoundOutcome;
import anabranch.udf.message.Header;
import anabranch.udf.message.Order;
import anabranch.udf.message.RecordId;
import anabranch.udf.testkit.ControlPlane;
import anabranch.udf.testkit.PolicyBuilder;
import anabranch.udf.testkit.UpdateBuilder;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FailedRoundTest {

  private final ControlPlane plane = ControlPlane.running(policy().build(), "a", "b");

  @Test
  void missedQuorumLeavesTheModelAlone() {
    Header.Update alone = plane.answer("a");
    plane.passDeadline();

    assertThat(plane.lastReport().outcome()).isEqualTo(RoundOutcome.QUORUM_MISSED);
    assertThat(plane.output.orders(Order.Close.class)).isEmpty();
    assertThat(plane.output.orders(Order.Discard.class)).hasSize(5);
    assertThat(plane.orderFor(alone.id(), 0)).isInstanceOf(Order.Fold.class);
    Announcement announcement = plane.announcement();
    assertThat(announcement.modelVersion()).isZero();
    assertThat(announcement.blocks()).extracting(BlockVersion::version).containsExactly(0L, 0L, 0L);
    assertThat(announcement.plan()).isNull();
    assertThat(announcement.receipts().receipts())
        .containsExactly(new Receipt("a", Outcome.EXPIRED));
    assertThat(plane.coordinator().state().ledger.toLedger())
        .isEqualTo(new Ledger(1, 0, 0, 0, 0, 0, 1, 0));
  }

  @Test
  void roundWithNothingButRefusalsIsToldSo() {
    plane.send(answer("a", plane.plan()).part(0, 1, 0, 1));
    plane.passDeadline();

    assertThat(plane.lastReport().outcome()).isEqualTo(RoundOutcome.ALL_REJECTED);
    assertThat(plane.announcement().receipts().receipts())
        .containsExactly(new Receipt("a", Outcome.REJECTED));
    assertThat(plane.announcement().modelVersion()).isZero();
  }

  @Test
  void roundWithoutEligibleClientsFails() {
    ControlPlane lonely = ControlPlane.running(policy().build(), "a");

    lonely.pass(PolicyBuilder.DEADLINE);

    assertThat(lonely.lastReport().outcome()).isEqualTo(RoundOutcome.NO_ELIGIBLE_CLIENTS);
    assertThat(lonely.lastReport().eligible()).isEqualTo(1);
    assertThat(lonely.lastReport().round()).isEqualTo(1);
    assertThat(lonely.lastReport().planId()).isZero();
    assertThat(lonely.announcement().modelVersion()).isZero();
    assertThat(lonely.output.orders(Order.Close.class)).isEmpty();
  }

  @Test
  void nextPlanWaitsForTheBackoffAndTheBackoffDoubles() {
    plane.passDeadline();
    plane.pass(Duration.ofMillis(999));
    assertThat(plane.announcement().plan()).isNull();
    plane.pass(Duration.ofMillis(1));
    Plan second = plane.plan();
    assertThat(second.round()).isEqualTo(2);

    plane.passDeadline();
    plane.pass(Duration.ofMillis(1999));
    assertThat(plane.announcement().plan()).isNull();
    plane.pass(Duration.ofMillis(1));

    assertThat(plane.plan().round()).isEqualTo(3);
  }

  @Test
  void completedRoundBeginsTheCountAgain() {
    plane.passDeadline();
    plane.pass(Duration.ofSeconds(1));
    plane.passDeadline();
    plane.pass(Duration.ofSeconds(2));
    plane.answer("a");
    plane.answer("b");
    plane.passDeadline();
    assertThat(plane.announcement().state()).isEqualTo(Announcement.State.RUNNING);

    plane.pass(Duration.ofSeconds(1));

    assertThat(plane.plan().round()).isEqualTo(5);
  }

  @Test
  void federationPausesAfterFailuresInARow() {
    failThreeRounds();

    assertThat(plane.announcement().state()).isEqualTo(Announcement.State.PAUSED);
    assertThat(plane.announcement().stateReason()).startsWith("3 rounds failed in a row");
    int drafts = plane.output.drafts.size();
    plane.pass(Duration.ofDays(7));
    plane.checkIn("a");
    assertThat(plane.output.drafts).as("a known session changes nothing").hasSize(drafts);
  }

  @Test
  void newSessionEndsThePause() {
    failThreeRounds();

    plane.receive(
        new Header.CheckIn(
            new RecordId(RecordId.Source.CLIENTS, 0, 800),
            new ClientCheckIn("a", 99, ClientCheckIn.Status.READY, 10, 0, "test")));

    assertThat(plane.announcement().state()).isEqualTo(Announcement.State.RUNNING);
    Plan plan = plane.plan();
    assertThat(plan.round()).isEqualTo(4);
    plane.send(answer("a", plan).session(99));
    plane.answer("b");
    assertThat(plane.announcement().modelVersion()).isEqualTo(1);
  }

  @Test
  void recordsForAFailedRoundAreLate() {
    Plan failed = plane.plan();
    plane.passDeadline();

    Header.Update late = plane.send(answer("b", failed));

    assertThat(plane.orderFor(late.id(), 4)).isInstanceOf(Order.Drop.class);
    assertThat(plane.coordinator().state().ledger.toLedger().late()).isEqualTo(1);
  }

  @Test
  void failedRoundIsTriedAgainWithTheSameBlock() {
    ControlPlane blockwise =
        ControlPlane.running(
            policy().schedule(StageSchedule.Order.ROUND_ROBIN, 1).build(), "a", "b");
    blockwise.passDeadline();
    blockwise.pass(Duration.ofSeconds(1));

    assertThat(blockwise.plan().round()).isEqualTo(2);
    assertThat(blockwise.plan().trainBlocks()).containsExactly(0);
  }

  @Test
  void refusedRecordWithoutAPlanCountsAgainstNobody() {
    plane.receive(
        new Header.Unusable(UpdateBuilder.id(1), 9, "UNREADABLE", "garbage", null, 0, Bytes.EMPTY));
    plane.passDeadline();

    assertThat(plane.lastReport().outcome()).isEqualTo(RoundOutcome.QUORUM_MISSED);
    assertThat(plane.announcement().receipts().receipts()).isEmpty();
  }

  private void failThreeRounds() {
    plane.passDeadline();
    plane.pass(Duration.ofSeconds(1));
    plane.passDeadline();
    plane.pass(Duration.ofSeconds(2));
    plane.passDeadline();
  }
}

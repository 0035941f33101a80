// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import static anabranch.udf.testkit.PolicyBuilder.policy;
import static org.assertj.core.api.Assertions.assertThat;

import anabranch.protocol.message.Plan;
import anabranch.protocol.message.RoundOutcome;
import anabranch.protocol.message.StageDecision;
import anabranch.protocol.message.StageMovement;
import anabranch.udf.message.Header;
import anabranch.udf.message.Order;
import anabranch.udf.message.RecordId;
import anabranch.udf.movement.FreezeCriterion;
import anabranch.udf.round.StageSchedule.Unfit;
import anabranch.udf.testkit.ControlPlane;
import anabranch.udf.testkit.Models;
import anabranch.udf.testkit.PolicyBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Stages that end when they have settled: the word of round r counts from round r + 2 on. */
class StageDecisionsTest {

  private static final FreezeCriterion FREEZE = new FreezeCriterion(4, 2, 0.2, 1);
  private static final int INCARNATION = 1;

  @Test
  void stageThatHasSettledEndsAfterTheNextRound() {
    // Version 3 told of stage 1, version 6 of stage 2; the last stage never ends.
    assertThat(stagesIfEveryThirdVersionHasSettled(running()))
        .containsExactly(1, 1, 1, 1, 2, 2, 2, 3, 3);
  }

  @Test
  void stageThatDoesNotSettleEndsAfterTheMostRoundsThatItMayHave() {
    // Version 3 told of stage 1, whose turn was over by then, version 6 of stage 3.
    assertThat(stagesIfEveryThirdVersionHasSettled(running(2)))
        .containsExactly(1, 1, 2, 2, 3, 3, 3, 3, 3);
    assertThat(stagesIfEveryThirdVersionHasSettled(running(5)))
        .containsExactly(1, 1, 1, 1, 2, 2, 2, 3, 3);
  }

  private static List<Integer> stagesIfEveryThirdVersionHasSettled(ControlPlane plane) {
    List<Integer> stages = new ArrayList<>();
    for (int version = 1; version <= 9; version++) {
      stages.add(round(plane));
      decide(plane, version, stages.get(version - 1), version % 3 == 0);
    }
    return stages;
  }

  @Test
  void itDoesNotMatterWhenTheDecisionComes() {
    ControlPlane early = running();
    ControlPlane late = running();
    round(early);
    round(late);
    decide(early, 1, 1, true);
    assertThat(early.plan().stage()).as("the plan is open already").isEqualTo(1);

    round(early);
    round(late);
    assertThat(late.announcement().plan()).as("it waits for the decision").isNull();
    decide(late, 1, 1, true);

    assertThat(late.plan()).isEqualTo(early.plan());
    assertThat(late.plan().stage()).isEqualTo(2);
  }

  @Test
  void failedRoundDoesNotLetADecisionCountSooner() {
    ControlPlane plane = running();
    round(plane);
    decide(plane, 1, 1, true);
    plane.passDeadline();
    assertThat(plane.lastReport().outcome()).isEqualTo(RoundOutcome.QUORUM_MISSED);
    plane.pass(Duration.ofSeconds(1));

    assertThat(round(plane)).as("there is still no version between").isEqualTo(1);
    decide(plane, 2, 1, false);
    assertThat(plane.plan().stage()).isEqualTo(2);
  }

  @Test
  void decisionThatNeverComesIsWaitedForUntilTheDeadlineAndTheReportSaysSo() {
    ControlPlane plane = running();
    round(plane);
    round(plane);

    plane.pass(PolicyBuilder.DEADLINE);

    assertThat(round(plane)).isEqualTo(1);
    assertThat(plane.lastReport().note())
        .isEqualTo("no decision about version 1 came, the stage goes on");
    assertThat(plane.reports()).extracting(r -> r.outcome()).containsOnly(RoundOutcome.COMPLETED);
  }

  @Test
  void decisionOfAnotherTimelineChangesNothing() {
    ControlPlane plane = running();
    round(plane);
    plane.receive(decided(INCARNATION - 1, 1, 1, true));
    plane.receive(decided(INCARNATION, 9, 1, true));
    plane.receive(decided(INCARNATION, 0, 1, true));
    round(plane);

    assertThat(plane.announcement().plan()).isNull();
  }

  @Test
  void restartKeepsWhatWasDecided() {
    ControlPlane plane = running();
    round(plane);
    decide(plane, 1, 1, true);
    plane.restart(Duration.ofSeconds(5));
    round(plane);
    plane.restart(Duration.ofSeconds(5));

    assertThat(plane.plan().stage()).isEqualTo(2);
  }

  @Test
  void movementIsMeasuredOfDeployedParametersAlone() {
    ControlPlane plane = running();
    round(plane);
    ControlPlane other = ControlPlane.running(policy().build(), "a", "b");
    round(other);

    assertThat(plane.output.orders(Order.Close.class))
        .extracting(close -> close.probe() != null)
        .as("segment 1 is a buffer")
        .containsExactly(true, false);
    assertThat(plane.output.orders(Order.Close.class).get(0).probe())
        .isEqualTo(new Order.Probe(1, 4));
    assertThat(other.output.orders(Order.Close.class))
        .allSatisfy(close -> assertThat(close.probe()).isNull());
  }

  private static ControlPlane running() {
    return running(0);
  }

  /** A federation whose stages have so many rounds at most; 0 is no limit. */
  private static ControlPlane running(int mostRounds) {
    return ControlPlane.running(
        policy()
            .schedule(new StageSchedule(StageSchedule.Order.FREEZE, mostRounds, Unfit.HOLD, FREEZE))
            .build(),
        "a",
        "b");
  }

  /** A completed round; returns its stage. */
  private static int round(ControlPlane plane) {
    Plan plan = plane.plan();
    plan.cohort().forEach(plane::answer);
    return plan.stage();
  }

  private static void decide(ControlPlane plane, long version, int stage, boolean settled) {
    plane.receive(decided(INCARNATION, version, stage, settled));
  }

  private static Header.Decided decided(int incarnation, long version, int stage, boolean settled) {
    return new Header.Decided(
        new RecordId(RecordId.Source.CONTROL, 0, version),
        new StageDecision(
            Models.FEDERATION,
            incarnation,
            version,
            version,
            stage,
            new StageMovement(0.5, 0.0, settled)));
  }
}

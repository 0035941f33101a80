// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import static anabranch.udf.testkit.PolicyBuilder.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.BlockVersion;
import anabranch.protocol.message.Plan;
import anabranch.protocol.message.RoundOutcome;
import anabranch.protocol.message.RoundReport;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Stage;
import anabranch.udf.message.Order;
import anabranch.udf.movement.FreezeCriterion;
import anabranch.udf.round.StageSchedule.Unfit;
import anabranch.udf.testkit.ControlPlane;
import anabranch.udf.testkit.Models;
import anabranch.udf.testkit.PolicyBuilder;
import anabranch.udf.testkit.UpdateBuilder;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rounds of a model with stages. */
class StagesTest {

  /** Stage 3 trains the tail of the stage before as well; stage 1 needs neither body nor head. */
  private static final ModelManifest STAGED =
      Models.staged(
          new Stage(List.of(0), List.of()),
          new Stage(List.of(1), List.of(0)),
          new Stage(List.of(1, 2), List.of(0)));

  private static final long SAMPLES = ControlPlane.SAMPLES;

  @Test
  void stagesFollowEachOtherAndNeedNoOtherBlocks() {
    ControlPlane plane = running(roundRobin());

    List<Plan> plans = plans(plane, 4);

    assertThat(plans).extracting(Plan::stage).containsExactly(1, 2, 3, 1);
    assertThat(plans)
        .extracting(Plan::trainBlocks)
        .containsExactly(List.of(0), List.of(1), List.of(1, 2), List.of(0));
    assertThat(plans)
        .extracting(Plan::holdBlocks)
        .containsExactly(List.of(), List.of(0), List.of(0), List.of());
  }

  @Test
  void wholeTrainsTheDeployedModel() {
    ModelManifest headOnStem =
        Models.staged(new Stage(List.of(0, 1), List.of()), new Stage(List.of(2), List.of(0)));
    ControlPlane plane = ControlPlane.loaded(headOnStem, policy().build());
    plane.checkIn("a");
    plane.checkIn("b");

    assertThat(plane.plan().trainBlocks()).containsExactly(0, 2);
    assertThat(plane.plan().holdBlocks()).isEmpty();
    assertThat(plane.plan().stage()).isEqualTo(1);
  }

  @Test
  void clientsAreDrawnByTheMemoryOfTheStage() {
    ControlPlane plane = ControlPlane.loaded(STAGED, hungry(Unfit.HOLD).cohort(1).build());
    plane.checkIn("small", SAMPLES, 100);
    plane.checkIn("large", SAMPLES, 300);

    assertThat(plane.plan().cohort()).as("small was there first").containsExactly("large");
    List<Plan> plans = plans(plane, 3);

    assertThat(plans).extracting(Plan::requiredMemoryBytes).containsExactly(300L, 200L, 100L);
    assertThat(plane.reports()).extracting(r -> r.eligible()).containsExactly(1, 1, 2);
  }

  @Test
  void stageThatTooFewClientsCanTrainIsWaitedFor() {
    ControlPlane plane = ControlPlane.loaded(STAGED, hungry(Unfit.HOLD).build());
    plane.checkIn("a", SAMPLES, 300);
    plane.checkIn("b", SAMPLES, 299);
    plane.checkIn("c", SAMPLES, 100);
    assertThat(plane.output.drafts).isEmpty();

    plane.pass(PolicyBuilder.DEADLINE);

    assertThat(plane.lastReport().outcome()).isEqualTo(RoundOutcome.NO_ELIGIBLE_CLIENTS);
    assertThat(plane.lastReport().stage()).isEqualTo(1);
    assertThat(plane.lastReport().eligible()).isEqualTo(1);
    assertThat(plane.lastReport().note())
        .isEqualTo(
            "stage 1 waits: 1 of 3 clients have the 300 bytes of memory that it takes, round.quorum"
                + " is 2");
    plane.pass(Duration.ofSeconds(1));
    plane.checkIn("d", SAMPLES, 301);
    assertThat(plane.plan().cohort()).containsExactly("a", "d");
    assertThat(plane.plan().stage()).isEqualTo(1);
  }

  @Test
  void stageThatTooFewClientsCanTrainIsSkippedAndTheReportSaysSo() {
    ControlPlane plane = ControlPlane.loaded(STAGED, hungry(Unfit.SKIP).build());
    plane.checkIn("a", SAMPLES, 250);
    plane.checkIn("b", SAMPLES, 100);

    List<Plan> plans = plans(plane, 2);

    assertThat(plans).extracting(Plan::stage).containsExactly(3, 3);
    assertThat(plane.reports().get(0).note())
        .isEqualTo(
            "stage 1 was skipped: 0 of 2 clients have the 300 bytes of memory that it takes,"
                + " round.quorum is 2; stage 2 was skipped: 1 of 2 clients have the 200 bytes of"
                + " memory that it takes, round.quorum is 2");
    plane.checkIn("c", SAMPLES, 200);
    plane.plan().cohort().forEach(plane::answer);
    assertThat(plane.plan().stage()).as("two clients can train it now").isEqualTo(2);
  }

  @Test
  void nothingIsSkippedWhileTooFewClientsAreThere() {
    ControlPlane plane =
        ControlPlane.loaded(STAGED, hungry(Unfit.SKIP).cohort(1).minAvailable(2).build());
    plane.checkIn("small", SAMPLES, 100);
    assertThat(plane.output.drafts).isEmpty();

    plane.checkIn("large", SAMPLES, 300);

    assertThat(plane.plan().stage()).isEqualTo(1);
  }

  @Test
  void noStageIsSkippedWhenNoneFits() {
    ControlPlane plane =
        ControlPlane.loaded(STAGED, hungry(Unfit.SKIP).requiredMemory(300L, 200L, 201L).build());
    plane.checkIn("a", SAMPLES, 200);
    plane.checkIn("b", SAMPLES, 100);
    plane.pass(PolicyBuilder.DEADLINE);
    assertThat(plane.lastReport().outcome()).isEqualTo(RoundOutcome.NO_ELIGIBLE_CLIENTS);
    plane.pass(Duration.ofSeconds(1));

    plane.checkIn("c", SAMPLES, 300);
    plane.checkIn("d", SAMPLES, 300);

    assertThat(plane.plan().stage()).as("it was still its turn when c came").isEqualTo(2);
  }

  @Test
  void memoryOfAnotherNumberOfStagesIsRefused() {
    FederationPolicy two = roundRobin().requiredMemory(2L, 1L).build();
    assertThatThrownBy(() -> ControlPlane.loaded(STAGED, two))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "cohort.required-memory has 2 sizes, and with schedule.blocks 'round-robin' the model"
                + " 'tiny' has 3 stages: give one size for all or one for each stage");
    assertThatThrownBy(
            () -> ControlPlane.loaded(STAGED, policy().requiredMemory(3L, 2L, 1L).build()))
        .hasMessageContaining("with schedule.blocks 'whole' the model 'tiny' has 1 stages");
  }

  @Test
  void restartInMidCycleGoesOnWithTheNextStage() {
    ControlPlane plane = afterStageTwo();

    plane.restart(Duration.ofMinutes(1));

    List<Plan> expected = plans(afterStageTwo(), 4);
    assertThat(plans(plane, 4)).isEqualTo(expected);
    assertThat(expected).extracting(Plan::stage).containsExactly(3, 2, 3, 2);
    assertThat(plane.announcement().blocks())
        .extracting(BlockVersion::version)
        .containsExactly(0L, 5L, 2L);
  }

  @Test
  void stateFromBeforeTurnsWereKeptGoesOnWithTheStageOfItsRounds() {
    ControlPlane plane = running(roundRobin());
    plans(plane, 4);
    byte[] snapshot = plane.snapshot();
    int turnAndStages = 1 + 2 * Long.BYTES + Integer.BYTES + Long.BYTES + Integer.BYTES;
    byte[] older = Arrays.copyOf(snapshot, snapshot.length - turnAndStages - orderBytes());
    ByteBuffer.wrap(older).putInt(1);

    plane.restore(older);

    assertThat(plans(plane, 3)).extracting(Plan::stage).containsExactly(2, 3, 1);
  }

  @Test
  void stateFromBeforeOrdersWereKeptGoesOnWithItsTurn() {
    ControlPlane plane = running(roundRobin());
    plans(plane, 4);
    byte[] snapshot = plane.snapshot();
    byte[] older = Arrays.copyOf(snapshot, snapshot.length - orderBytes());
    ByteBuffer.wrap(older).putInt(2);

    plane.restore(older);

    assertThat(plans(plane, 3)).extracting(Plan::stage).containsExactly(2, 3, 1);
  }

  private static int orderBytes() {
    return Short.BYTES + StageSchedule.Order.ROUND_ROBIN.name().length();
  }

  @ParameterizedTest
  @CsvSource({"WHOLE, whole", "ROUND_ROBIN, round-robin"})
  void anotherOrderInWhichTheLastStageKeepsItsTurnBeginsWithTheFirst(
      StageSchedule.Order before, String was) {
    ControlPlane plane = running(policy().schedule(before, 1));
    plans(plane, 20);

    ControlPlane after = afterTheOpenRound(plane, sequential(2));

    assertThat(plans(after, 6)).extracting(Plan::stage).containsExactly(1, 1, 2, 2, 3, 3);
    assertThat(after.reports())
        .extracting(RoundReport::note)
        .startsWith("", "schedule.blocks is sequential and was " + was + ": stage 1 begins", "");
  }

  @Test
  void anOrderThatChangedWhileNoRoundWasOpenBeginsWithTheFirstStageToo() {
    ControlPlane plane = running(roundRobin());
    plans(plane, 20);
    plane.leave("a");
    plane.passDeadline();

    ControlPlane after = plane.twin(sequential(1).build());
    after.checkIn("a");
    after.pass(Duration.ofSeconds(1));

    assertThat(plans(after, 4)).extracting(Plan::stage).containsExactly(1, 2, 3, 3);
  }

  @Test
  void freezeGoesOnWithTheStageOfASequenceAndBeginsWithTheFirstAfterTheWholeModel() {
    StageSchedule schedule =
        new StageSchedule(
            StageSchedule.Order.FREEZE, 0, Unfit.HOLD, new FreezeCriterion(4, 2, 0.2, 0.7));
    ControlPlane sequence = running(sequential(3));
    plans(sequence, 4);
    ControlPlane whole = running(policy());
    plans(whole, 20);

    assertThat(afterTheOpenRound(sequence, policy().schedule(schedule)).plan().stage())
        .isEqualTo(2);
    assertThat(afterTheOpenRound(whole, policy().schedule(schedule)).plan().stage()).isEqualTo(1);
  }

  @Test
  void sequenceGoesOnWithItsStageThoughItsStagesBecomeLonger() {
    ControlPlane plane = running(sequential(2));
    plans(plane, 2);

    ControlPlane after = afterTheOpenRound(plane, sequential(3));

    assertThat(plans(after, 3)).extracting(Plan::stage).containsExactly(2, 2, 3);
    assertThat(after.reports()).extracting(RoundReport::note).containsOnly("");
  }

  /**
   * Restarted from a savepoint of the open round with another policy, which then ends the round.
   */
  private static ControlPlane afterTheOpenRound(ControlPlane plane, PolicyBuilder policy) {
    ControlPlane after = plane.twin(policy.build());
    Plan open = plane.plan();
    open.cohort().forEach(client -> after.send(UpdateBuilder.answer(client, open)));
    return after;
  }

  private static PolicyBuilder sequential(int roundsPerStage) {
    return policy().schedule(StageSchedule.Order.SEQUENTIAL, roundsPerStage);
  }

  @Test
  void startWithoutStateGoesOnWithTheStageOfTheNewestPlan() {
    ControlPlane lost = ControlPlane.loaded(STAGED, hungry(Unfit.SKIP).build());
    lost.checkIn("a", SAMPLES, 200);
    lost.checkIn("b", SAMPLES, 200);
    assertThat(plans(lost, 2)).extracting(Plan::stage).containsExactly(2, 3);
    assertThat(lost.plan().stage()).as("1 was skipped twice").isEqualTo(2);
    List<Announcement> heads =
        new ArrayList<>(
            lost.output.drafts.stream().map(draft -> sealed(draft.announcement())).toList());
    Collections.reverse(heads);

    ControlPlane fresh = ControlPlane.fresh(STAGED, hungry(Unfit.SKIP).build(), heads);
    loadNewest(fresh, heads.get(0));
    fresh.checkIn("a", SAMPLES, 300);
    fresh.checkIn("b", SAMPLES, 300);

    assertThat(plans(fresh, 3)).extracting(Plan::stage).containsExactly(2, 3, 1);
  }

  /**
   * Blocks that were not trained for many rounds lie under old numbers, and are loaded from there.
   */
  private static void loadNewest(ControlPlane plane, Announcement head) {
    for (BlockVersion block : head.blocks()) {
      Models.MANIFEST
          .segmentsOf(block.block())
          .forEach(
              segment ->
                  plane.receive(Models.loaded(segment.index(), block.version(), segment.index())));
    }
    assertThat(plane.output.orders(Order.Load.class)).hasSize(5);
  }

  private static Announcement sealed(Announcement draft) {
    return draft.withBlocks(
        draft.blocks().stream()
            .map(b -> b.withDigest(Models.blockDigest(b.block(), b.version())))
            .toList());
  }

  /** Stage 1 was skipped, for only one of two clients can train it. */
  private static ControlPlane afterStageTwo() {
    ControlPlane plane = ControlPlane.loaded(STAGED, hungry(Unfit.SKIP).build());
    plane.checkIn("a", SAMPLES, 300);
    plane.checkIn("b", SAMPLES, 200);
    assertThat(plans(plane, 1)).extracting(Plan::stage).containsExactly(2);
    return plane;
  }

  private static ControlPlane running(PolicyBuilder policy) {
    ControlPlane plane = ControlPlane.loaded(STAGED, policy.build());
    plane.checkIn("a");
    plane.checkIn("b");
    return plane;
  }

  private static PolicyBuilder roundRobin() {
    return policy().schedule(StageSchedule.Order.ROUND_ROBIN, 1);
  }

  /** Earlier stages take more memory. */
  private static PolicyBuilder hungry(Unfit unfit) {
    return policy()
        .schedule(StageSchedule.Order.ROUND_ROBIN, 1, unfit)
        .requiredMemory(300L, 200L, 100L);
  }

  /** The plans of so many rounds, all of which are answered. */
  private static List<Plan> plans(ControlPlane plane, int rounds) {
    List<Plan> plans = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      Plan plan = plane.plan();
      plans.add(plan);
      plan.cohort().forEach(plane::answer);
    }
    return plans;
  }
}

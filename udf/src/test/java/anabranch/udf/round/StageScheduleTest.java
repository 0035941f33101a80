// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.protocol.model.Stage;
import anabranch.udf.round.StageSchedule.Order;
import anabranch.udf.round.StageSchedule.Unfit;
import anabranch.udf.testkit.Models;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StageScheduleTest {

  private static final int STAGES = 3;

  @Test
  void wholeTrainsEveryBlockInEveryRound() {
    StageSchedule schedule = schedule(Order.WHOLE, 1);

    assertThat(stages(schedule, 4)).containsExactly(1, 1, 1, 1);
    assertThat(schedule.stages(Models.MANIFEST))
        .containsExactly(new Stage(List.of(0, 1, 2), List.of()));
  }

  @Test
  void wholeTrainsTheDeployedBlocksOfAModelWithStages() {
    assertThat(
            schedule(Order.WHOLE, 1)
                .stages(
                    Models.staged(
                        new Stage(List.of(0, 1), List.of()), new Stage(List.of(2), List.of(0)))))
        .containsExactly(new Stage(List.of(0, 2), List.of()));
  }

  @Test
  void blocksAreTheStagesOfAModelThatDeclaresNone() {
    assertThat(schedule(Order.ROUND_ROBIN, 1).stages(Models.MANIFEST))
        .containsExactly(
            new Stage(List.of(0), List.of(1, 2)),
            new Stage(List.of(1), List.of(0, 2)),
            new Stage(List.of(2), List.of(0, 1)));
  }

  @Test
  void roundRobinBeginsAgainAfterTheLastStage() {
    assertThat(stages(schedule(Order.ROUND_ROBIN, 2), 8)).containsExactly(1, 1, 2, 2, 3, 3, 1, 1);
  }

  @Test
  void sequentialStaysAtTheLastStage() {
    assertThat(stages(schedule(Order.SEQUENTIAL, 2), 8)).containsExactly(1, 1, 2, 2, 3, 3, 3, 3);
  }

  @Test
  void turnFollowsFromTheCompletedRoundsWhereNothingWasSkipped() {
    StageSchedule schedule = schedule(Order.ROUND_ROBIN, 3);
    Turn turn = new Turn(0, 0);
    for (int round = 0; round < 20; round++) {
      assertThat(schedule.afterRounds(round)).isEqualTo(turn);
      assertThat(schedule.afterRounds(round, round, schedule.stage(turn, STAGES), STAGES))
          .isEqualTo(turn);
      turn = schedule.afterRound(turn);
    }
  }

  @Test
  void stageOfThePlanTellsWhatWasSkipped() {
    StageSchedule schedule = schedule(Order.ROUND_ROBIN, 1);

    // Four rounds would have led to stage 2: one stage was skipped.
    assertThat(schedule.afterRounds(4, 4, 3, STAGES)).isEqualTo(new Turn(5, 0));
    assertThat(schedule.afterRounds(5, 4, 3, STAGES)).isEqualTo(new Turn(6, 0));
    // The plan is of a configuration with more stages.
    assertThat(schedule.afterRounds(4, 4, 7, STAGES)).isEqualTo(new Turn(4, 0));
  }

  @Test
  void stageOfThePlanCountsWhereTheRoundsWouldHaveLeftItBehind() {
    // 35 rounds were all stage 1's, fifty a stage, or the whole model's; now a stage has ten.
    assertThat(schedule(Order.SEQUENTIAL, 10).afterRounds(35, 35, 1, STAGES))
        .isEqualTo(new Turn(0, 0));
    assertThat(schedule(Order.SEQUENTIAL, 10).afterRounds(36, 35, 2, STAGES))
        .isEqualTo(new Turn(1, 0));
  }

  private static StageSchedule schedule(Order order, int roundsPerStage) {
    return new StageSchedule(order, roundsPerStage, Unfit.HOLD, null);
  }

  private static List<Integer> stages(StageSchedule schedule, int rounds) {
    List<Integer> stages = new ArrayList<>();
    Turn turn = new Turn(0, 0);
    for (int round = 0; round < rounds; round++) {
      stages.add(schedule.stage(turn, STAGES));
      turn = schedule.afterRound(turn);
    }
    return stages;
  }
}

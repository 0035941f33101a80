// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.movement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import anabranch.protocol.message.StageMovement;
import java.util.List;
import org.junit.jupiter.api.Test;

class FreezeCriterionTest {

  /** Movements over two rounds, a line through four of them. */
  private static final FreezeCriterion CRITERION = new FreezeCriterion(2, 4, 0.2, 0.8);

  @Test
  void nothingIsJudgedBeforeTheWindowIsFull() {
    assertThat(after(0.9)).isEqualTo(new StageMovement(null, null, false));
    assertThat(after(0.9, 0.7)).isEqualTo(new StageMovement(0.7, null, false));
    assertThat(after(0.9, 0.7, 0.7, 0.7)).isEqualTo(new StageMovement(0.7, null, false));
  }

  @Test
  void stageHasSettledWhenTheLineIsFlat() {
    // The line through 0.5, 0.45, 0.4, 0.45 falls by 0.02 a round.
    StageMovement flat = after(0.9, 0.5, 0.45, 0.4, 0.45);
    assertThat(flat.change()).isCloseTo(-0.06, within(1e-12));
    assertThat(flat.settled()).isTrue();

    StageMovement falling = after(0.9, 0.8, 0.7, 0.6, 0.5);
    assertThat(falling.change()).isCloseTo(-0.3, within(1e-12));
    assertThat(falling.settled()).isFalse();
  }

  @Test
  void valuesBeforeTheNewestOfTheLineAreForgotten() {
    assertThat(after(1, 1, 0.9, 0.2, 0.2, 0.2, 0.2).settled()).isTrue();
  }

  @Test
  void steadyDriftIsFlatAndHasNotSettled() {
    assertThat(after(1, 1, 1, 1, 1)).isEqualTo(new StageMovement(1.0, 0.0, false));
    assertThat(new FreezeCriterion(2, 4, 0.2, 1).judge(course(1, 1, 1, 1, 1)).settled())
        .as("unless nobody asks for a level")
        .isTrue();
  }

  @Test
  void anotherStageBeginsAnew() {
    StageCourse course = course(0.5, 0.5, 0.5, 0.5, 0.5);

    StageCourse next = CRITERION.next(course, 2, moved(0.5, 2));

    assertThat(next).isEqualTo(new StageCourse(2, 1, List.of()));
  }

  @Test
  void blockWithAShorterTraceIsWaitedFor() {
    StageCourse course = course(0.5, 0.5, 0.5);

    assertThat(CRITERION.next(course, 1, moved(0.5, 1)).effective()).hasSize(2);
  }

  private static StageMovement after(double... effective) {
    return CRITERION.judge(course(effective));
  }

  private static StageCourse course(double... effective) {
    StageCourse course = null;
    for (double value : effective) {
      course = CRITERION.next(course, 1, moved(value, 2));
    }
    return course;
  }

  private static Movement moved(double effective, int steps) {
    return new Movement(effective, 1, steps);
  }
}

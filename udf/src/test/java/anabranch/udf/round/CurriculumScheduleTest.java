// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.udf.round.CurriculumSchedule.Range;
import org.junit.jupiter.api.Test;

class CurriculumScheduleTest {

  private static final Range LAMBDA = new Range(1, 0);
  private static final Range GAMMA = new Range(0, 2);

  @Test
  void weightsFollowTheDepthAlone() {
    CurriculumSchedule schedule = new CurriculumSchedule(LAMBDA, GAMMA, 0, 0);

    assertThat(schedule.lambda(1, 5, 99)).isEqualTo(1);
    assertThat(schedule.lambda(2, 5, 99)).isEqualTo(0.75);
    assertThat(schedule.lambda(5, 5, 0)).isEqualTo(0);
    assertThat(schedule.gamma(1, 5, 99)).isEqualTo(0);
    assertThat(schedule.gamma(4, 5, 0)).isEqualTo(1.5);
  }

  @Test
  void weightsFollowTheTimeAlone() {
    CurriculumSchedule schedule = new CurriculumSchedule(LAMBDA, GAMMA, 1, 8);

    assertThat(schedule.lambda(1, 5, 0)).isEqualTo(1);
    assertThat(schedule.lambda(5, 5, 2)).isEqualTo(0.75);
    assertThat(schedule.gamma(1, 5, 4)).isEqualTo(1);
    assertThat(schedule.gamma(1, 5, 800)).isEqualTo(2);
  }

  @Test
  void depthAndTimeShareTheLine() {
    CurriculumSchedule schedule = new CurriculumSchedule(LAMBDA, GAMMA, 0.5, 8);

    // s = 0.5 * 1/4 + 0.5 * 4/8
    assertThat(schedule.lambda(2, 5, 4)).isEqualTo(0.625);
    assertThat(schedule.gamma(2, 5, 4)).isEqualTo(0.75);
  }

  @Test
  void oneStageCountsAsTheEnd() {
    CurriculumSchedule schedule = new CurriculumSchedule(LAMBDA, GAMMA, 0, 0);

    assertThat(schedule.lambda(1, 1, 0)).isEqualTo(0);
    assertThat(schedule.gamma(1, 1, 0)).isEqualTo(2);
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.udf.round.Curriculum.Range;
import org.junit.jupiter.api.Test;

class LinearCurriculumTest {

  private static final Range LAMBDA = new Range(1, 0);
  private static final Range GAMMA = new Range(0, 2);

  @Test
  void weightsFollowTheDepthAlone() {
    LinearCurriculum schedule = new LinearCurriculum(LAMBDA, GAMMA, 0, 0);

    assertThat(at(schedule, 1, 5, 99).lambda()).isEqualTo(1);
    assertThat(at(schedule, 2, 5, 99).lambda()).isEqualTo(0.75);
    assertThat(at(schedule, 5, 5, 0).lambda()).isEqualTo(0);
    assertThat(at(schedule, 1, 5, 99).gamma()).isEqualTo(0);
    assertThat(at(schedule, 4, 5, 0).gamma()).isEqualTo(1.5);
  }

  @Test
  void weightsFollowTheTimeAlone() {
    LinearCurriculum schedule = new LinearCurriculum(LAMBDA, GAMMA, 1, 8);

    assertThat(at(schedule, 1, 5, 0).lambda()).isEqualTo(1);
    assertThat(at(schedule, 5, 5, 2).lambda()).isEqualTo(0.75);
    assertThat(at(schedule, 1, 5, 4).gamma()).isEqualTo(1);
    assertThat(at(schedule, 1, 5, 800).gamma()).isEqualTo(2);
  }

  @Test
  void depthAndTimeShareTheLine() {
    LinearCurriculum schedule = new LinearCurriculum(LAMBDA, GAMMA, 0.5, 8);

    // s = 0.5 * 1/4 + 0.5 * 4/8
    assertThat(at(schedule, 2, 5, 4).lambda()).isEqualTo(0.625);
    assertThat(at(schedule, 2, 5, 4).gamma()).isEqualTo(0.75);
  }

  @Test
  void oneStageCountsAsTheEnd() {
    LinearCurriculum schedule = new LinearCurriculum(LAMBDA, GAMMA, 0, 0);

    assertThat(at(schedule, 1, 1, 0).lambda()).isEqualTo(0);
    assertThat(at(schedule, 1, 1, 0).gamma()).isEqualTo(2);
  }

  private static Curriculum.Weights at(
      LinearCurriculum schedule, int stage, int stages, long completedRounds) {
    return schedule.weights(stage, stages, completedRounds, StageDependence.NONE);
  }
}

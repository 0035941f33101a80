// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.movement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class MovementTraceTest {

  @Test
  void steadyDriftIsOneAndGoingToAndFroIsZero() {
    assertThat(effective(new float[][] {{0, 0}, {1, 0}, {1, 1}, {2, 1}, {2, 2}, {3, 2}, {3, 3}}))
        .isEqualTo(1);
    assertThat(effective(new float[][] {{0, 0}, {1, 0}, {0, 0}, {1, 0}, {0, 0}, {1, 0}, {0, 0}}))
        .isZero();
    assertThat(effective(new float[][] {{0, 0}, {1, 0}, {1, 1}, {0, 1}, {1, 1}, {1, 2}, {1, 1}}))
        .isCloseTo(0.333333, within(1e-6));
  }

  @Test
  void standingStillHasSettled() {
    assertThat(effective(new float[][] {{1, 2}, {1, 2}, {1, 2}})).isZero();
  }

  @Test
  void stepsBeforeTheWindowAreForgotten() {
    MovementTrace trace = MovementTrace.begin(1, new float[] {0});
    for (float value : new float[] {10, 0, 10, 11, 12}) {
      trace = trace.after(new float[] {value}, 2);
    }

    assertThat(trace.movement()).isEqualTo(new Movement(2, 2, 2));
    assertThat(trace.after(new float[] {11}, 1).movement()).isEqualTo(new Movement(1, 1, 1));
  }

  @Test
  void samplesOfSeveralSegmentsAddUp() {
    MovementTrace left = MovementTrace.begin(1, new float[] {0}).after(new float[] {3}, 9);
    MovementTrace right =
        MovementTrace.begin(1, new float[] {0}).after(new float[] {1}, 9).after(new float[] {0}, 9);

    assertThat(left.movement().plus(right.movement())).isEqualTo(new Movement(3, 5, 1));
  }

  @Test
  void traceOfAnotherSampleIsTold() {
    MovementTrace trace = MovementTrace.begin(1, new float[] {0, 0});

    assertThat(trace.isOf(1, 2)).isTrue();
    assertThat(trace.isOf(2, 2)).isFalse();
    assertThat(trace.isOf(1, 3)).isFalse();
  }

  private static double effective(float[][] versions) {
    MovementTrace trace = MovementTrace.begin(1, versions[0]);
    for (int i = 1; i < versions.length; i++) {
      trace = trace.after(versions[i], 6);
    }
    return trace.movement().effective();
  }
}

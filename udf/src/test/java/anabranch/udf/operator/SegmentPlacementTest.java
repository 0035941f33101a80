// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentPlacementTest {

  private static final int SEGMENTS = 400;

  private final SegmentPlacement placement = new SegmentPlacement(SEGMENTS);

  @Test
  void keysAreUnique() {
    assertThat(IntStream.range(0, SEGMENTS).map(placement::key).distinct().count())
        .isEqualTo(SEGMENTS);
  }

  @Test
  void keyDoesNotDependOnTheNumberOfSegments() {
    SegmentPlacement larger = new SegmentPlacement(10 * SEGMENTS);

    for (int segment = 0; segment < SEGMENTS; segment++) {
      assertThat(larger.key(segment)).isEqualTo(placement.key(segment));
    }
  }

  /** The state of every savepoint lies under these. */
  @Test
  void keysAreFrozen() {
    assertThat(IntStream.range(0, 12).map(placement::key))
        .containsExactly(312, 84, 75, 57, 361, 70, 300, 163, 357, 301, 117, 65);
    assertThat(placement.key(127)).isEqualTo(2);
    assertThat(placement.key(128)).isEqualTo(398);
  }

  /** No subtask gets more of a run than it must get from any placement. */
  @ParameterizedTest
  @ValueSource(ints = {2, 4, 8, 16, 32})
  void everyRunOfSegmentsSpreadsAsEvenlyAsItCan(int parallelism) {
    for (int length = 1; length <= 200; length++) {
      int fewest = (length + parallelism - 1) / parallelism;
      for (int first = 0; first + length <= SEGMENTS; first++) {
        int most = mostOnOneSubtask(first, length, parallelism);
        if (most != fewest) {
          assertThat(most)
              .as("%d segments from %d on at parallelism %d", length, first, parallelism)
              .isEqualTo(fewest);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4, 8, 16})
  void loadOfALongRunIsWithinATenthOfTheAverage(int parallelism) {
    for (int first = 0; first + 200 <= SEGMENTS; first++) {
      double average = 200.0 / parallelism;

      assertThat(mostOnOneSubtask(first, 200, parallelism))
          .isLessThanOrEqualTo((int) (1.1 * average));
    }
  }

  private int mostOnOneSubtask(int first, int length, int parallelism) {
    int[] load = new int[parallelism];
    for (int segment = first; segment < first + length; segment++) {
      load[
          KeyGroupRangeAssignment.assignKeyToParallelOperator(
              placement.key(segment), SegmentPlacement.KEY_GROUPS, parallelism)]++;
    }
    return Arrays.stream(load).max().orElseThrow();
  }
}

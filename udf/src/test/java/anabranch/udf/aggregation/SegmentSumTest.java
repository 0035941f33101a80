// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.aggregation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SegmentSumTest {

  private static final int LENGTH = 8;

  private record Contribution(float[] values, long weight) {}

  @ParameterizedTest
  @EnumSource(AggregationRule.class)
  void sumDependsNeitherOnOrderNorOnGrouping(AggregationRule rule) {
    FixedPointGrid grid = FixedPointGrid.of(15, 1 << 24, 200);
    Random random = new Random(1);
    List<Contribution> contributions = contributions(random, 200);
    SegmentSum expected = sum(rule, grid, contributions);

    for (int i = 0; i < 25; i++) {
      Collections.shuffle(contributions, random);
      int cut = random.nextInt(contributions.size());
      SegmentSum left = sum(rule, grid, contributions.subList(0, cut));
      SegmentSum right = sum(rule, grid, contributions.subList(cut, contributions.size()));

      assertThat(merged(left.units(), right.units())).isEqualTo(expected.units());
      if (rule == AggregationRule.COORDINATE_COUNT_MEAN) {
        assertThat(merged(left.presence(), right.presence())).isEqualTo(expected.presence());
      }
    }
  }

  @Test
  void sparseValuesAddToTheirElementsAlone() {
    FixedPointGrid grid = new FixedPointGrid(0);
    SegmentSum sum = SegmentSum.zero(AggregationRule.WEIGHTED_MEAN, 4);

    sum.add(DecodedSegments.sparse(4, new int[] {1, 3}, 5, -7), 2, grid);
    sum.add(DecodedSegments.dense(1, 1, 1, 1), 3, grid);

    assertThat(sum.units()).containsExactly(3, 13, 3, -11);
    assertThat(sum.presence()).isNull();
  }

  @Test
  void presenceCountsTheWeightsThatListAnElement() {
    FixedPointGrid grid = new FixedPointGrid(0);
    SegmentSum sum = SegmentSum.zero(AggregationRule.COORDINATE_COUNT_MEAN, 4);

    sum.add(DecodedSegments.sparse(4, new int[] {1, 3}, 5, 0), 2, grid);
    sum.add(DecodedSegments.sparse(4, new int[] {0, 1}, 1, 1), 3, grid);

    assertThat(sum.units()).containsExactly(3, 13, 0, 0);
    assertThat(sum.presence()).containsExactly(3, 5, 0, 2);
  }

  private static List<Contribution> contributions(Random random, int count) {
    List<Contribution> contributions = new ArrayList<>();
    for (int k = 0; k < count; k++) {
      float[] values = new float[LENGTH];
      for (int i = 0; i < LENGTH; i++) {
        values[i] = (random.nextFloat() - 0.5f) * Math.scalb(1f, random.nextInt(36) - 20);
      }
      contributions.add(new Contribution(values, 1 + random.nextInt(1 << 24)));
    }
    return contributions;
  }

  private static SegmentSum sum(
      AggregationRule rule, FixedPointGrid grid, List<Contribution> contributions) {
    SegmentSum sum = SegmentSum.zero(rule, LENGTH);
    contributions.forEach(c -> sum.add(DecodedSegments.dense(c.values()), c.weight(), grid));
    return sum;
  }

  private static long[] merged(long[] left, long[] right) {
    long[] merged = left.clone();
    for (int i = 0; i < merged.length; i++) {
      merged[i] += right[i];
    }
    return merged;
  }
}

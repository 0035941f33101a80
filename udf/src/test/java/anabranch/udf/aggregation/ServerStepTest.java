// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.aggregation;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.protocol.codec.Reference;
import org.junit.jupiter.api.Test;

class ServerStepTest {

  private static final FixedPointGrid GRID = FixedPointGrid.of(16, 30, 2);

  /** Two clients with 10 and 30 samples: McMahan et al., arXiv 1602.05629, algorithm 1. */
  @Test
  void weightedMeanOfTwoDeltasIsFedAvg() {
    float[] next =
        new ServerStep(Reference.DELTA, 1)
            .apply(new float[2], twoClients(weightedMean()), 40, GRID);

    assertThat(next).containsExactly(2.5f, -1);
  }

  @Test
  void deltaMovesTheModelByTheLearningRate() {
    float[] model = {100, 200};

    float[] next =
        new ServerStep(Reference.DELTA, 0.5).apply(model, twoClients(weightedMean()), 40, GRID);

    assertThat(next).containsExactly(101.25f, 199.5f);
    assertThat(model).containsExactly(100, 200);
  }

  @Test
  void weightsDrawTheModelByTheLearningRate() {
    float[] model = {100, 200};

    float[] whole =
        new ServerStep(Reference.WEIGHTS, 1).apply(model, twoClients(weightedMean()), 40, GRID);
    float[] quarter =
        new ServerStep(Reference.WEIGHTS, 0.25).apply(model, twoClients(weightedMean()), 40, GRID);

    assertThat(whole).containsExactly(2.5f, -1);
    assertThat(quarter).containsExactly(75.625f, 149.75f);
  }

  @Test
  void weightedMeanCountsAnAbsentCoordinateAsZero() {
    SegmentSum sum = weightedMean();
    sum.add(DecodedSegments.sparse(2, new int[] {0}, 8), 30, GRID);
    sum.add(DecodedSegments.dense(4, 4), 10, GRID);

    float[] next = new ServerStep(Reference.DELTA, 1).apply(new float[2], sum, 40, GRID);

    assertThat(next).containsExactly(7, 1);
  }

  @Test
  void coordinateCountMeanLeavesAnAbsentCoordinateOut() {
    SegmentSum sum = SegmentSum.zero(AggregationRule.COORDINATE_COUNT_MEAN, 3);
    sum.add(DecodedSegments.sparse(3, new int[] {0}, 8), 30, GRID);
    sum.add(DecodedSegments.sparse(3, new int[] {0, 1}, 4, 4), 10, GRID);

    float[] next = new ServerStep(Reference.DELTA, 1).apply(new float[] {1, 1, 1}, sum, 40, GRID);

    assertThat(next).containsExactly(8, 5, 1);
  }

  @Test
  void coordinateThatNobodyListsKeepsItsWeight() {
    SegmentSum sum = SegmentSum.zero(AggregationRule.COORDINATE_COUNT_MEAN, 2);
    sum.add(DecodedSegments.sparse(2, new int[] {1}, 8), 30, GRID);

    float[] next =
        new ServerStep(Reference.WEIGHTS, 1).apply(new float[] {0.1f, 0.1f}, sum, 30, GRID);

    assertThat(next).containsExactly(0.1f, 8);
  }

  private static SegmentSum weightedMean() {
    return SegmentSum.zero(AggregationRule.WEIGHTED_MEAN, 2);
  }

  private static SegmentSum twoClients(SegmentSum sum) {
    sum.add(DecodedSegments.dense(1, 2), 10, GRID);
    sum.add(DecodedSegments.dense(3, -2), 30, GRID);
    return sum;
  }
}

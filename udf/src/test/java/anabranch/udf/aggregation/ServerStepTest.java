// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.aggregation;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.protocol.codec.Reference;
import anabranch.protocol.codec.SegmentTransform;
import anabranch.protocol.codec.TransformCode;
import anabranch.protocol.model.Role;
import anabranch.protocol.model.Segment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
  void changeIsTheMeanTimesTheLearningRateAndWhatIsOwed() {
    ServerStep step = new ServerStep(Reference.DELTA, 0.5);
    SegmentTransform none =
        SegmentTransform.of(
            new TransformCode.Plain(), null, new Segment(0, 0, Role.PARAMETER, 0, 2));
    float[] owed = {0.25f, -3};

    assertThat(step.change(null, twoClients(weightedMean()), 40, GRID, none, 2))
        .containsExactly(1.25f, -0.5f);
    assertThat(step.change(owed, twoClients(weightedMean()), 40, GRID, none, 2))
        .containsExactly(1.5f, -3.5f);
    assertThat(step.change(owed, null, 0, GRID, none, 2)).isEqualTo(owed).isNotSameAs(owed);
    assertThat(step.change(null, null, 0, GRID, none, 2)).containsExactly(0, 0);
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

  @ParameterizedTest
  @EnumSource(Reference.class)
  void stepBeyondTheGreatestFloatEndsThere(Reference reference) {
    float[] model = {Float.MAX_VALUE, -Float.MAX_VALUE, 1, 0};
    FixedPointGrid grid = FixedPointGrid.of(64, 1, 1);
    SegmentSum sum = SegmentSum.zero(AggregationRule.WEIGHTED_MEAN, 4);
    sum.add(DecodedSegments.dense(0x1p64f, -0x1p64f, -0x1p64f, 0), 1, grid);

    for (double learningRate : new double[] {1, 2, 1_000_000}) {
      float[] next = model;
      for (int round = 0; round < 100; round++) {
        next = new ServerStep(reference, learningRate).apply(next, sum, 1, grid);
        for (float value : next) {
          assertThat(value).isFinite();
        }
      }
      assertThat(next[3]).isZero();
    }
    float[] far = new ServerStep(Reference.DELTA, 1_000_000).apply(model, sum, 1, grid);
    assertThat(far).startsWith(Float.MAX_VALUE, -Float.MAX_VALUE);
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

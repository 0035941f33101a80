// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.aggregation;

import anabranch.protocol.codec.DecodedSegment;

/**
 * The running weighted sum of one segment: exact, commutative and associative on the round's {@link
 * FixedPointGrid}. The arrays belong to the caller, which keeps them in keyed state.
 *
 * @param units Σ round(ω·x / 2^q), one for each coefficient
 * @param presence Σω of the contributions that list the coefficient, or null under {@link
 *     AggregationRule#WEIGHTED_MEAN}
 */
public record SegmentSum(long[] units, long[] presence) {

  public static SegmentSum zero(AggregationRule rule, int length) {
    return new SegmentSum(
        new long[length], rule == AggregationRule.COORDINATE_COUNT_MEAN ? new long[length] : null);
  }

  /** Adds one contribution. Indices and magnitudes were checked when the update was admitted. */
  public void add(DecodedSegment values, long weight, FixedPointGrid grid) {
    double scaledWeight = grid.scaledWeight(weight);
    if (values.dense()) {
      addDense(values.values(), values.count(), scaledWeight);
    } else {
      addSparse(values.indices(), values.values(), values.count(), scaledWeight);
    }
    if (presence != null) {
      addPresence(values, weight);
    }
  }

  private void addDense(float[] values, int count, double scaledWeight) {
    long[] sum = units;
    for (int i = 0; i < count; i++) {
      sum[i] += FixedPointGrid.units(scaledWeight, values[i]);
    }
  }

  private void addSparse(int[] indices, float[] values, int count, double scaledWeight) {
    long[] sum = units;
    for (int j = 0; j < count; j++) {
      sum[indices[j]] += FixedPointGrid.units(scaledWeight, values[j]);
    }
  }

  private void addPresence(DecodedSegment values, long weight) {
    int count = values.count();
    for (int j = 0; j < count; j++) {
      presence[values.dense() ? j : values.indices()[j]] += weight;
    }
  }
}

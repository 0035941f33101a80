// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.aggregation;

import anabranch.protocol.codec.Reference;

/**
 * Turns a round's sum into the next version of a segment: three fixed roundings (sum to double, the
 * division, the new float32), the same on every machine. A result beyond the greatest float32
 * saturates there: a version is always finite, so it can always be loaded again.
 *
 * @param reference what the contributions were relative to
 * @param learningRate server learning rate η, above 0 and at most 1,000,000; 1 is plain averaging
 */
public record ServerStep(Reference reference, double learningRate) {

  /**
   * @param model the version that the round started from, all finite; it is not changed
   * @param sum of the round
   * @param totalWeight Σω over all contributions, above 0
   * @param grid on which the sum was made
   * @return the next version, a new array, all finite
   */
  public float[] apply(float[] model, SegmentSum sum, long totalWeight, FixedPointGrid grid) {
    float[] next = new float[model.length];
    long[] units = sum.units();
    long[] presence = sum.presence();
    for (int i = 0; i < next.length; i++) {
      long weight = presence == null ? totalWeight : presence[i];
      next[i] = weight == 0 ? model[i] : step(model[i], grid.toDouble(units[i]) / weight);
    }
    return next;
  }

  private float step(float current, double mean) {
    double next =
        switch (reference) {
          case DELTA -> current + learningRate * mean;
          case WEIGHTS -> (1 - learningRate) * current + learningRate * mean;
        };
    return (float) Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, next));
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.aggregation;

import anabranch.protocol.codec.Reference;
import anabranch.protocol.codec.SegmentTransform;

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
   * Elements that go through each step together. One loop over all steps takes four times as long:
   * conversions between float and double then wait for one another.
   */
  private static final int BLOCK = 1024;

  /**
   * The step for a sum of coefficients, which are turned back once. Arguments as below.
   *
   * @param transform that the contributions went through
   */
  public float[] apply(
      float[] model,
      SegmentSum sum,
      long totalWeight,
      FixedPointGrid grid,
      SegmentTransform transform) {
    if (transform.isIdentity()) {
      return apply(model, sum, totalWeight, grid);
    }
    double[] mean = elementMeans(sum, totalWeight, grid, transform, model.length);
    float[] next = new float[model.length];
    double kept = reference == Reference.DELTA ? 1 : 1 - learningRate;
    for (int i = 0; i < next.length; i++) {
      next[i] = finite(kept * model[i] + learningRate * mean[i]);
    }
    return next;
  }

  /**
   * @param model the version that the round started from, all finite; it is not changed
   * @param sum of the round
   * @param totalWeight Σω over all contributions, above 0
   * @param grid on which the sum was made
   * @return the next version, a new array, all finite
   */
  public float[] apply(float[] model, SegmentSum sum, long totalWeight, FixedPointGrid grid) {
    float[] next = new float[model.length];
    double kept = reference == Reference.DELTA ? 1 : 1 - learningRate;
    double[] mean = new double[Math.min(BLOCK, next.length)];
    for (int from = 0; from < next.length; from += BLOCK) {
      int to = Math.min(from + BLOCK, next.length);
      means(sum, from, to, totalWeight, grid.unit(), mean);
      for (int i = from; i < to; i++) {
        next[i] = finite(kept * model[i] + learningRate * mean[i - from]);
      }
    }
    if (sum.presence() != null) {
      keepUnlisted(model, sum.presence(), next);
    }
    return next;
  }

  /**
   * What the step adds to the model when contributions are relative to it, with what earlier
   * changes left out.
   *
   * @param residual left out so far, null for nothing; it is not changed
   * @param sum of the round, null when nothing was folded
   * @param totalWeight Σω over all contributions; any number when nothing was folded
   * @param grid on which the sum was made
   * @param transform that the contributions went through
   * @param length elements of the segment
   * @return η · mean + residual in double precision, each rounded to float32 once; a new array, all
   *     finite
   */
  public float[] change(
      float[] residual,
      SegmentSum sum,
      long totalWeight,
      FixedPointGrid grid,
      SegmentTransform transform,
      int length) {
    if (sum == null) {
      return residual == null ? new float[length] : residual.clone();
    }
    float[] change = new float[length];
    if (transform.isIdentity()) {
      double[] mean = new double[Math.min(BLOCK, length)];
      for (int from = 0; from < length; from += BLOCK) {
        int to = Math.min(from + BLOCK, length);
        means(sum, from, to, totalWeight, grid.unit(), mean);
        change(residual, mean, from, to, change);
      }
    } else {
      double[] mean = elementMeans(sum, totalWeight, grid, transform, length);
      change(residual, mean, 0, length, change);
    }
    return change;
  }

  /** Elements from to to, whose means stand in front of {@code mean}. */
  private void change(float[] residual, double[] mean, int from, int to, float[] change) {
    for (int i = from; i < to; i++) {
      double owed = residual == null ? 0 : residual[i];
      change[i] = finite(learningRate * mean[i - from] + owed);
    }
  }

  private static double[] elementMeans(
      SegmentSum sum,
      long totalWeight,
      FixedPointGrid grid,
      SegmentTransform transform,
      int length) {
    double[] coefficients = new double[transform.coefficients()];
    means(sum, 0, coefficients.length, totalWeight, grid.unit(), coefficients);
    double[] mean = new double[length];
    transform.inverse(coefficients, mean);
    return mean;
  }

  private static void means(
      SegmentSum sum, int from, int to, long totalWeight, double unit, double[] mean) {
    long[] units = sum.units();
    long[] presence = sum.presence();
    for (int i = from; i < to; i++) {
      mean[i - from] = units[i];
    }
    if (presence == null) {
      for (int i = 0; i < to - from; i++) {
        mean[i] = mean[i] * unit / totalWeight;
      }
    } else {
      for (int i = from; i < to; i++) {
        mean[i - from] = mean[i - from] * unit / Math.max(1, presence[i]);
      }
    }
  }

  private static void keepUnlisted(float[] model, long[] presence, float[] next) {
    for (int i = 0; i < next.length; i++) {
      if (presence[i] == 0) {
        next[i] = model[i];
      }
    }
  }

  // A branch that is never taken costs less than Math.min and Math.max on every element.
  private static float finite(double value) {
    float rounded = (float) value;
    return Float.isInfinite(rounded) ? Math.copySign(Float.MAX_VALUE, rounded) : rounded;
  }
}

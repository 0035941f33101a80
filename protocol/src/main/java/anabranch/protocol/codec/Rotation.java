// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

/**
 * The randomized Hadamard transform {@code y = H·D·x / √m}: random signs D, then H in Sylvester's
 * order. It spreads what is large over all elements, so that a grid from the least to the greatest
 * value is narrow (Konečný et al., arXiv 1610.05492, section 3.2; Suresh et al., arXiv 1611.00429).
 *
 * <p>H exists for powers of two. Padding to the next one costs up to twice the bytes; instead the
 * segment is cut into runs of 4,096 and of the powers of two in what is left, greatest first. Such
 * a run stays in the processor's first cache too.
 *
 * @param seed of the signs: element i is negated where the top bit of draw i is set
 * @param coefficients number of elements, which is that of the coefficients
 */
record Rotation(long seed, int coefficients) implements SegmentTransform {

  private static final int LONGEST_RUN = 1 << 12;

  @Override
  public void forward(float[] values, float[] coefficients) {
    for (int i = 0; i < this.coefficients; i++) {
      int flip = (int) (SplitMix64.longAt(seed, i) >>> 32) & 0x80000000;
      coefficients[i] = Float.intBitsToFloat(Float.floatToRawIntBits(values[i]) ^ flip);
    }
    for (int from = 0; from < this.coefficients; ) {
      int length = run(from);
      transform(coefficients, from, length);
      from += length;
    }
  }

  @Override
  public void inverse(double[] coefficients, double[] values) {
    for (int from = 0; from < this.coefficients; ) {
      int length = run(from);
      transform(coefficients, from, length);
      from += length;
    }
    for (int i = 0; i < this.coefficients; i++) {
      long flip = SplitMix64.longAt(seed, i) & Long.MIN_VALUE;
      values[i] = Double.longBitsToDouble(Double.doubleToRawLongBits(coefficients[i]) ^ flip);
    }
  }

  private int run(int from) {
    return Math.min(LONGEST_RUN, Integer.highestOneBit(coefficients - from));
  }

  private static void transform(float[] x, int from, int length) {
    int half = 1;
    if (Integer.numberOfTrailingZeros(length) % 2 == 1) {
      for (int i = from; i < from + length; i += 2) {
        float a = x[i];
        float b = x[i + 1];
        x[i] = a + b;
        x[i + 1] = a - b;
      }
      half = 2;
    }
    for (; half < length; half <<= 2) {
      for (int start = from; start < from + length; start += 4 * half) {
        butterflies(x, start, half);
      }
    }
    float scale = (float) (1 / Math.sqrt(length));
    for (int i = from; i < from + length; i++) {
      x[i] *= scale;
    }
  }

  /** Two steps of the transform at once, which halves the passes over the run. */
  private static void butterflies(float[] x, int start, int half) {
    for (int i = start; i < start + half; i++) {
      float a = x[i];
      float b = x[i + half];
      float c = x[i + 2 * half];
      float d = x[i + 3 * half];
      float sum = a + b;
      float difference = a - b;
      float sum2 = c + d;
      float difference2 = c - d;
      x[i] = sum + sum2;
      x[i + half] = difference + difference2;
      x[i + 2 * half] = sum - sum2;
      x[i + 3 * half] = difference - difference2;
    }
  }

  private static void transform(double[] x, int from, int length) {
    int half = 1;
    if (Integer.numberOfTrailingZeros(length) % 2 == 1) {
      for (int i = from; i < from + length; i += 2) {
        double a = x[i];
        double b = x[i + 1];
        x[i] = a + b;
        x[i + 1] = a - b;
      }
      half = 2;
    }
    for (; half < length; half <<= 2) {
      for (int start = from; start < from + length; start += 4 * half) {
        butterflies(x, start, half);
      }
    }
    double scale = 1 / Math.sqrt(length);
    for (int i = from; i < from + length; i++) {
      x[i] *= scale;
    }
  }

  /** As for floats: the same sums, in the same order, as one step after the other. */
  private static void butterflies(double[] x, int start, int half) {
    for (int i = start; i < start + half; i++) {
      double a = x[i];
      double b = x[i + half];
      double c = x[i + 2 * half];
      double d = x[i + 3 * half];
      double sum = a + b;
      double difference = a - b;
      double sum2 = c + d;
      double difference2 = c - d;
      x[i] = sum + sum2;
      x[i + half] = difference + difference2;
      x[i + 2 * half] = sum - sum2;
      x[i + 3 * half] = difference - difference2;
    }
  }
}

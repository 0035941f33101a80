// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import anabranch.protocol.codec.EncodingSettings.Fit;
import anabranch.protocol.codec.EncodingSettings.Rounding;
import java.util.Arrays;

/**
 * A grid of affine codes as an encoder sees it: where it lies for given values, and which code a
 * value becomes. Steps are floats, so where they fall below the least normal one they are coarse,
 * and values of such a grid may be off by some 2^-133 more than a step.
 */
final class AffineGrid {

  private static final int SIGN = 1 << 31;

  /** Of a value between two codes: with the bits of a code and a sign they fit a long. */
  private static final int FRACTION_BITS = 46;

  private final AffineValues codec;

  /** Codes are counted from the value {@code origin}, which has the code {@code base}. */
  private final double origin;

  private final int base;

  /** The greatest code that is used. */
  private final int most;

  /** Whether the one bit of a code is a sign, so that no rounding may turn it. */
  private final boolean signs;

  private AffineGrid(AffineValues codec, double origin, int base, int most, boolean signs) {
    this.codec = codec;
    this.origin = origin;
    this.base = base;
    this.most = most;
    this.signs = signs;
  }

  /** A grid that somebody else has chosen. */
  static AffineGrid of(AffineValues codec) {
    return new AffineGrid(codec, codec.lo(), 0, (1 << codec.bits()) - 1, false);
  }

  /**
   * The grid for {@code count} values from {@code from} on. With 0 bits it is their mean alone.
   *
   * @throws IllegalArgumentException if the grid would leave the range of floats
   */
  static AffineGrid fit(Fit fit, int bits, float[] values, int from, int count) {
    if (count == 0) {
      return of(new AffineValues(bits, 0, 0));
    }
    if (bits == 0) {
      return of(new AffineValues(0, mean(values, from, count), 0));
    }
    return switch (fit) {
      case MIN_MAX -> minMax(bits, values, from, count);
      case MEAN_MAGNITUDE -> meanMagnitude(bits, values, from, count);
      case SYMMETRIC -> symmetric(bits, values, from, count);
    };
  }

  private static float mean(float[] values, int from, int count) {
    double sum = 0;
    for (int i = from; i < from + count; i++) {
      sum += values[i];
    }
    return (float) (sum / count);
  }

  /**
   * The step is rounded so that no code decodes beyond the greatest value, which may lie at the
   * bound of what the job accepts.
   */
  private static AffineGrid minMax(int bits, float[] values, int from, int count) {
    int lowest = Integer.MAX_VALUE;
    int highest = Integer.MIN_VALUE;
    for (int i = from; i < from + count; i++) {
      int ordered = ordered(Float.floatToRawIntBits(values[i]));
      lowest = Math.min(lowest, ordered);
      highest = Math.max(highest, ordered);
    }
    float least = Float.intBitsToFloat(ordered(lowest));
    float greatest = Float.intBitsToFloat(ordered(highest));
    float levels = (1 << bits) - 1;
    float step = (float) (((double) greatest - least) / levels);
    if (!Float.isFinite(levels * step)) {
      throw new IllegalArgumentException(
          "values from %s to %s are too far apart for affine codes".formatted(least, greatest));
    }
    while (least + levels * step > greatest) {
      step = Math.nextDown(step);
    }
    return of(new AffineValues(bits, least, step));
  }

  /** Integers in the order of the floats that these are the bits of, and back. */
  private static int ordered(int bits) {
    return bits ^ (bits >> 31 & ~SIGN);
  }

  private static AffineGrid meanMagnitude(int bits, float[] values, int from, int count) {
    double sum = 0;
    for (int i = from; i < from + count; i++) {
      sum += Math.abs(values[i]);
    }
    float mean = (float) (sum / count);
    requireFinite(2 * mean, mean);
    return new AffineGrid(new AffineValues(bits, 0 - mean, 2 * mean), -mean, 0, 1, true);
  }

  /** As many codes above 0 as below it, so the last of the 2^bits is left unused. */
  private static AffineGrid symmetric(int bits, float[] values, int from, int count) {
    int greatestBits = 0;
    for (int i = from; i < from + count; i++) {
      greatestBits = Math.max(greatestBits, Float.floatToRawIntBits(values[i]) & ~SIGN);
    }
    float greatest = Float.intBitsToFloat(greatestBits);
    int above = (1 << bits - 1) - 1;
    float step = (float) ((double) greatest / above);
    while ((float) above * step > greatest) {
      step = Math.nextDown(step);
    }
    requireFinite((float) ((1 << bits) - 1) * step, greatest);
    // The product that a decoder adds to lo for the middle code, so their sum is 0 exactly.
    float lo = 0 - (float) above * step;
    return new AffineGrid(new AffineValues(bits, lo, step), 0, above, 2 * above, false);
  }

  private static void requireFinite(float span, float magnitude) {
    if (!Float.isFinite(span)) {
      throw new IllegalArgumentException(
          "values from -%s to %s are too far apart for affine codes"
              .formatted(magnitude, magnitude));
    }
  }

  AffineValues codec() {
    return codec;
  }

  /** The code of 0, if the grid is one on which 0 is a code. */
  int zero() {
    return base;
  }

  /**
   * Writes the codes of {@code count} values from {@code from} on to the front of {@code codes}.
   *
   * @param seed of what rounding draws; value i, counted from {@code from}, takes draw i
   */
  void encode(Rounding rounding, long seed, float[] values, int from, int count, int[] codes) {
    if (codec.bits() == 0) {
      Arrays.fill(codes, 0, count, 0);
    } else if (signs) {
      signs(values, from, count, codes);
    } else if (rounding == Rounding.STOCHASTIC) {
      stochastic(seed, values, from, count, codes);
    } else {
      nearest(values, from, count, codes);
    }
  }

  /** 1 from 0 on. Adding 0 makes 0 of a negative one; a comparison would be mispredicted. */
  private static void signs(float[] values, int from, int count, int[] codes) {
    for (int i = 0; i < count; i++) {
      codes[i] = ~Float.floatToRawIntBits(values[from + i] + 0f) >>> 31;
    }
  }

  /** The nearer code, the upper one half-way. */
  private void nearest(float[] values, int from, int count, int[] codes) {
    double start = origin;
    double perUnit = perUnit();
    double shift = base + 0.5;
    int last = most;
    for (int i = 0; i < count; i++) {
      int code = (int) ((values[from + i] - start) * perUnit + shift);
      codes[i] = Math.max(0, Math.min(last, code));
    }
  }

  // The lower code, plus one if the draw is below the fraction that is left: then their difference
  // has a sign. A branch would be mispredicted, and whole numbers need no way back to doubles.
  private void stochastic(long seed, float[] values, int from, int count, int[] codes) {
    double start = origin;
    double perUnit = perUnit() * (1L << FRACTION_BITS);
    long shift = (long) base << FRACTION_BITS;
    long last = (long) most << FRACTION_BITS;
    for (int i = 0; i < count; i++) {
      long exact = (long) ((values[from + i] - start) * perUnit) + shift;
      exact = Math.max(0, Math.min(last, exact));
      long fraction = exact & (1L << FRACTION_BITS) - 1;
      long draw = SplitMix64.longAt(seed, i) >>> Long.SIZE - FRACTION_BITS;
      codes[i] = (int) (exact >>> FRACTION_BITS) + (int) (draw - fraction >>> 63);
    }
  }

  /** Codes for one unit of value, from where the greatest code comes to lie after its roundings. */
  private double perUnit() {
    float highest = codec.lo() + (float) most * codec.step();
    return highest > codec.lo() ? most / ((double) highest - codec.lo()) : 0;
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import anabranch.protocol.model.Segment;
import java.util.Arrays;

/**
 * Chooses the k elements of greatest magnitude in linear time, of equals those of lower index. A
 * sample bounds the least magnitude that is chosen from below, one pass keeps what reaches the
 * bound, and a radix select over the bits of these few, which order like the magnitudes, finds the
 * least itself. Not for use by two threads.
 */
final class LargestElements {

  private static final int DIGIT_BITS = 11;
  private static final int DIGITS = 1 << DIGIT_BITS;

  /** What is left of a magnitude's 31 bits is an exponent and three bits more. */
  private static final int FIRST_SHIFT = 31 - DIGIT_BITS;

  /**
   * Elements between two of the sample; segments with a smaller sample are looked at as a whole.
   */
  private static final int STRIDE = 32;

  private static final int LEAST_SAMPLE = 64;

  /** Up to one in so many, a branch on each element is the faster way to collect them. */
  private static final int FEW = 32;

  /** Which elements may be chosen. */
  enum Side {
    BOTH(0x7fffffff, 0),
    POSITIVE(-1, 0),
    NEGATIVE(-1, 0x80000000);

    private final int mask;
    private final int flip;

    Side(int mask, int flip) {
      this.mask = mask;
      this.flip = flip;
    }
  }

  private final int[] histogram = new int[DIGITS];
  private final int[] magnitudes = new int[Segment.MAX_LENGTH];

  /**
   * Writes the indices of the chosen elements, from 0 to {@code length} and rising, to the front of
   * {@code indices}; zeros are never chosen.
   *
   * @param k at least 1
   * @param indices at least {@code length} long
   * @return how many there are: k, or as many as there are to choose from
   */
  int choose(float[] values, int offset, int length, int k, Side side, int[] indices) {
    int bound = bound(values, offset, length, k, side);
    int candidates =
        k <= length / FEW
            ? collectFew(values, offset, length, side, bound, indices)
            : collect(values, offset, length, side, bound, indices);
    if (candidates < k && bound > 1) {
      candidates = collect(values, offset, length, side, 1, indices);
    }
    if (candidates <= k) {
      return candidates;
    }
    return keep(candidates, threshold(values, offset, candidates, k, side, indices), k, indices);
  }

  /** The least magnitude of the k greatest candidates, by radix select. */
  private int threshold(
      float[] values, int offset, int candidates, int k, Side side, int[] indices) {
    int low = Integer.MAX_VALUE;
    int high = 0;
    for (int i = 0; i < candidates; i++) {
      int magnitude = magnitude(values[offset + indices[i]], side.mask, side.flip);
      magnitudes[i] = magnitude;
      low = Math.min(low, magnitude);
      high = Math.max(high, magnitude);
    }
    int left = k;
    int width = 32 - Integer.numberOfLeadingZeros(high - low);
    while (width > 0) {
      int shift = Math.max(0, width - DIGIT_BITS);
      countDigits(candidates, low, width, shift);
      int digit = DIGITS - 1;
      while (histogram[digit] < left) {
        left -= histogram[digit--];
      }
      low += digit << shift;
      width = shift;
    }
    return low;
  }

  /** An element's magnitude if it is of the side, else 0. */
  private static int magnitude(float value, int mask, int flip) {
    return Math.max(0, (Float.floatToRawIntBits(value) ^ flip) & mask);
  }

  /**
   * A magnitude of at least 1 that hardly ever fewer than k elements reach: the first digit of the
   * element of the sample that comes four standard deviations behind the k-th.
   */
  private int bound(float[] values, int offset, int length, int k, Side side) {
    int sample = length / STRIDE;
    if (sample < LEAST_SAMPLE) {
      return 1;
    }
    Arrays.fill(histogram, 0);
    for (int i = 0; i < sample; i++) {
      float value = values[offset + i * STRIDE + STRIDE / 2];
      histogram[magnitude(value, side.mask, side.flip) >>> FIRST_SHIFT]++;
    }
    double expected = (double) k * sample / length;
    double left = expected + 4 * Math.sqrt(expected) + 4;
    int digit = DIGITS - 1;
    while (digit > 0 && histogram[digit] < left) {
      left -= histogram[digit--];
    }
    return Math.max(1, digit << FIRST_SHIFT);
  }

  // Which elements reach the bound is near to random, so a branch on each would be mispredicted:
  // 64 comparisons make a word, and its ones are looked up.
  private static int collect(
      float[] values, int offset, int length, Side side, int least, int[] indices) {
    int mask = side.mask;
    int flip = side.flip;
    int next = 0;
    for (int start = 0; start < length; start += Long.SIZE) {
      int end = Math.min(Long.SIZE, length - start);
      long reaching = 0;
      for (int i = 0; i < end; i++) {
        int magnitude = magnitude(values[offset + start + i], mask, flip);
        reaching |= (long) (least - 1 - magnitude >>> 31) << i;
      }
      for (; reaching != 0; reaching &= reaching - 1) {
        indices[next++] = start + Long.numberOfTrailingZeros(reaching);
      }
    }
    return next;
  }

  private static int collectFew(
      float[] values, int offset, int length, Side side, int least, int[] indices) {
    int mask = side.mask;
    int flip = side.flip;
    int next = 0;
    for (int i = 0; i < length; i++) {
      if (magnitude(values[offset + i], mask, flip) >= least) {
        indices[next++] = i;
      }
    }
    return next;
  }

  /** How often each digit occurs in the magnitudes from {@code low} to {@code 2^width} above. */
  private void countDigits(int candidates, int low, int width, int shift) {
    Arrays.fill(histogram, 0);
    for (int i = 0; i < candidates; i++) {
      int above = magnitudes[i] - low;
      if (above >>> width == 0) {
        histogram[above >>> shift]++;
      }
    }
  }

  /** Leaves the candidates above {@code least}, and of those that equal it the first, k in all. */
  private int keep(int candidates, int least, int k, int[] indices) {
    int equalsLeft = k;
    for (int i = 0; i < candidates; i++) {
      equalsLeft -= least - magnitudes[i] >>> 31;
    }
    int next = 0;
    for (int i = 0; i < candidates; i++) {
      int magnitude = magnitudes[i];
      int above = least - magnitude >>> 31;
      int equal = magnitude == least ? 1 : 0;
      int taken = -equalsLeft >>> 31 & equal;
      equalsLeft -= taken;
      indices[next] = indices[i];
      next += above | taken;
    }
    return next;
  }
}

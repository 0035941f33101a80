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

  private static final int[] SHIFTS = {20, 10, 0};
  private static final int DIGITS = 1 << 11;

  /**
   * Elements between two of the sample; segments with a smaller sample are looked at as a whole.
   */
  private static final int STRIDE = 32;

  private static final int LEAST_SAMPLE = 64;

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
    int candidates = collect(values, offset, length, side, bound, indices);
    if (candidates < k && bound > 1) {
      candidates = collect(values, offset, length, side, 1, indices);
    }
    if (candidates <= k) {
      return candidates;
    }
    for (int i = 0; i < candidates; i++) {
      magnitudes[i] = magnitude(values[offset + indices[i]], side.mask, side.flip);
    }
    int least = 0;
    int left = k;
    for (int shift : SHIFTS) {
      countDigits(candidates, least, shift);
      int digit = DIGITS - 1;
      while (histogram[digit] < left) {
        left -= histogram[digit--];
      }
      least |= digit << shift;
    }
    return keep(candidates, least, left, indices);
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
      histogram[magnitude(value, side.mask, side.flip) >>> SHIFTS[0]]++;
    }
    double expected = (double) k * sample / length;
    double left = expected + 4 * Math.sqrt(expected) + 4;
    int digit = DIGITS - 1;
    while (digit > 0 && histogram[digit] < left) {
      left -= histogram[digit--];
    }
    return Math.max(1, digit << SHIFTS[0]);
  }

  // Every index is written and the next one overwrites it unless it counts: which ones do is near
  // to random, so a branch would be mispredicted.
  private static int collect(
      float[] values, int offset, int length, Side side, int least, int[] indices) {
    int mask = side.mask;
    int flip = side.flip;
    int next = 0;
    for (int i = 0; i < length; i++) {
      indices[next] = i;
      next += least - 1 - magnitude(values[offset + i], mask, flip) >>> 31;
    }
    return next;
  }

  /** How often each digit follows the digits of {@code prefix}, which end above it. */
  private void countDigits(int candidates, int prefix, int shift) {
    Arrays.fill(histogram, 0);
    int width = shift == SHIFTS[0] ? 11 : 10;
    int above = shift + width;
    for (int i = 0; i < candidates; i++) {
      int magnitude = magnitudes[i];
      if (magnitude >>> above == prefix >>> above) {
        histogram[magnitude >>> shift & (1 << width) - 1]++;
      }
    }
  }

  /** Leaves the candidates above {@code least} and the first {@code equals} that equal it. */
  private int keep(int candidates, int least, int equals, int[] indices) {
    int next = 0;
    int equalsLeft = equals;
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

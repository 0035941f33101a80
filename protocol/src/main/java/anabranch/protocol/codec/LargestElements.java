// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import anabranch.protocol.model.Segment;
import java.util.Arrays;

/**
 * Chooses the k elements of greatest magnitude in linear time, of equals those of lower index. The
 * bits of a magnitude order like the magnitude, so a radix select over them finds the least that is
 * chosen. After its first digit few elements are left to look at. Not for use by two threads.
 */
final class LargestElements {

  /** The eleven bits of the first digit: an exponent and three bits more. */
  private static final int FIRST_SHIFT = 20;

  private static final int FIRST_DIGITS = 1 << 11;
  private static final int SHIFT = 10;
  private static final int DIGITS = 1 << 10;

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

  private final int[] histogram = new int[FIRST_DIGITS];
  private final int[] odd = new int[FIRST_DIGITS];
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
    countFirstDigits(values, offset, length, side);
    int digit = FIRST_DIGITS - 1;
    int left = k;
    while (digit > 0 && histogram[digit] < left) {
      left -= histogram[digit--];
    }
    int least = Math.max(1, digit << FIRST_SHIFT);
    int candidates = collect(values, offset, length, side, least, indices);
    if (candidates <= k) {
      return candidates;
    }
    for (int shift = SHIFT; shift >= 0; shift -= SHIFT) {
      countDigits(candidates, least >>> shift + SHIFT, shift);
      digit = DIGITS - 1;
      while (histogram[digit] < left) {
        left -= histogram[digit--];
      }
      least = least >>> shift + SHIFT << shift + SHIFT | digit << shift;
    }
    return keep(candidates, least, left, indices);
  }

  /** An element's magnitude if it is of the side, else 0. */
  private static int magnitude(float value, int mask, int flip) {
    return Math.max(0, (Float.floatToRawIntBits(value) ^ flip) & mask);
  }

  /** Into two histograms by turns: equal digits in a row would wait for each other. */
  private void countFirstDigits(float[] values, int offset, int length, Side side) {
    int mask = side.mask;
    int flip = side.flip;
    Arrays.fill(histogram, 0);
    Arrays.fill(odd, 0);
    int i = 0;
    for (; i + 2 <= length; i += 2) {
      histogram[magnitude(values[offset + i], mask, flip) >>> FIRST_SHIFT]++;
      odd[magnitude(values[offset + i + 1], mask, flip) >>> FIRST_SHIFT]++;
    }
    if (i < length) {
      histogram[magnitude(values[offset + i], mask, flip) >>> FIRST_SHIFT]++;
    }
    for (int digit = 0; digit < FIRST_DIGITS; digit++) {
      histogram[digit] += odd[digit];
    }
  }

  // Every element is written and the next one overwrites it unless it counts: which ones do is
  // near to random, so a branch would be mispredicted.
  private int collect(float[] values, int offset, int length, Side side, int least, int[] indices) {
    int mask = side.mask;
    int flip = side.flip;
    int next = 0;
    for (int i = 0; i < length; i++) {
      int magnitude = magnitude(values[offset + i], mask, flip);
      indices[next] = i;
      magnitudes[next] = magnitude;
      next += least - 1 - magnitude >>> 31;
    }
    return next;
  }

  /** How often each digit follows the digits of {@code prefix}, which end above it. */
  private void countDigits(int candidates, int prefix, int shift) {
    Arrays.fill(histogram, 0, DIGITS, 0);
    for (int i = 0; i < candidates; i++) {
      int magnitude = magnitudes[i];
      if (magnitude >>> shift + SHIFT == prefix) {
        histogram[magnitude >>> shift & DIGITS - 1]++;
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

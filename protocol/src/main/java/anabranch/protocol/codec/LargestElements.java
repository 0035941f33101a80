// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

/**
 * Chooses the k elements of greatest magnitude in linear time, of equals those of lower index. The
 * bits of a magnitude order like the magnitude, so three passes of a radix select over them find
 * the least magnitude that is chosen.
 */
final class LargestElements {

  private static final int[] SHIFTS = {20, 10, 0};
  private static final int DIGITS = 1 << 11;

  private LargestElements() {}

  /**
   * Indices from 0 to length of the chosen elements, rising; zeros are never chosen.
   *
   * @param k at least 1
   */
  static int[] choose(float[] values, int offset, int length, int k) {
    int nonZeros = 0;
    for (int i = offset; i < offset + length; i++) {
      nonZeros += values[i] == 0 ? 0 : 1;
    }
    int wanted = Math.min(k, nonZeros);
    if (wanted == 0) {
      return new int[0];
    }
    int least = 0;
    int atLeast = wanted;
    for (int shift : SHIFTS) {
      int[] histogram = histogram(values, offset, length, least, shift);
      int digit = DIGITS - 1;
      while (histogram[digit] < atLeast) {
        atLeast -= histogram[digit--];
      }
      least |= digit << shift;
    }
    return collect(values, offset, length, least, atLeast, wanted);
  }

  /** How often each digit follows the digits of {@code prefix}, which end above it. */
  private static int[] histogram(float[] values, int offset, int length, int prefix, int shift) {
    int[] histogram = new int[DIGITS];
    int width = shift == SHIFTS[0] ? 11 : 10;
    int above = shift + width;
    for (int i = offset; i < offset + length; i++) {
      int magnitude = magnitude(values[i]);
      if (magnitude >>> above == prefix >>> above) {
        histogram[magnitude >>> shift & (1 << width) - 1]++;
      }
    }
    return histogram;
  }

  private static int[] collect(
      float[] values, int offset, int length, int least, int equals, int wanted) {
    int[] indices = new int[wanted];
    int next = 0;
    int equalsLeft = equals;
    for (int i = 0; next < wanted; i++) {
      int magnitude = magnitude(values[offset + i]);
      if (magnitude > least || magnitude == least && equalsLeft-- > 0) {
        indices[next++] = i;
      }
    }
    return indices;
  }

  private static int magnitude(float value) {
    return Float.floatToRawIntBits(value) & 0x7fffffff;
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import anabranch.protocol.Bytes;
import anabranch.protocol.codec.MalformedUpdateException.Reason;

/**
 * Compares the magnitudes of encoded floats with a bound, eight bytes at a time. A magnitude is a
 * float's bits without its sign, and orders like the number; those of NaN and the infinities are
 * the greatest, so one comparison refuses them too.
 *
 * <p>In a lane of w bits, 2^(w-1) + bound - magnitude keeps its highest bit exactly when the
 * magnitude is within the bound, and never borrows from the next lane. The AND of these differences
 * tells whether all are, without a branch on each.
 */
final class Magnitudes {

  private static final long LANES_32 = 0x0000000100000001L;
  private static final long LANES_16 = 0x0001000100010001L;

  private Magnitudes() {}

  /** Whether all of a run of binary32 are at most {@code bound}, itself the bits of a binary32. */
  static boolean within32(Bytes floats, int bound) {
    return within(floats, LANES_32, Integer.SIZE, bound);
  }

  /** The same for a 16-bit format. */
  static boolean within16(Bytes halves, int bound) {
    return within(halves, LANES_16, Short.SIZE, bound);
  }

  private static boolean within(Bytes bytes, long lanes, int width, int bound) {
    byte[] array = bytes.array();
    int end = bytes.offset() + bytes.length();
    long signs = lanes << width - 1;
    long bounds = lanes * bound | signs;
    long within = signs;
    int i = bytes.offset();
    for (; i <= end - Long.BYTES; i += Long.BYTES) {
      within &= bounds - (Payload.word(array, i) & ~signs);
    }
    within &= bounds - (Payload.word(array, i, end) & ~signs);
    return (within & signs) == signs;
  }

  static MalformedUpdateException beyond(int index, float value, int maxExponent) {
    return new MalformedUpdateException(
        Reason.MAGNITUDE, "value " + index + " is " + value + ", beyond 2^" + maxExponent);
  }

  /** Whether a value is finite and at most 2^{@code maxExponent} in magnitude. */
  static boolean within(float value, int maxExponent) {
    return Math.abs(value) <= bound(maxExponent);
  }

  /** The greatest float up to 2^{@code maxExponent}. */
  static float bound(int maxExponent) {
    return Math.min(Math.scalb(1f, maxExponent), Float.MAX_VALUE);
  }
}

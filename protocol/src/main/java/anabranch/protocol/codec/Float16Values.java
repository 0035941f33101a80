// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import anabranch.protocol.Bytes;

/**
 * IEEE 754 binary16: 2 bytes a value, relative error at most 2^-11 between 2^-14 and 65504 and
 * absolute error at most 2^-25 below. Encoding rounds ties to even and takes everything beyond
 * 65504 to 65504, since an infinity would be refused.
 */
record Float16Values() implements ValueCodec {

  private static final float LARGEST = 65504;
  private static final int LARGEST_EXPONENT = 15;
  private static final float SMALLEST_NORMAL = 0x1.0p-14f;
  private static final int LEAST_EXPONENT = -24;

  @Override
  public long size(int count) {
    return (long) Short.BYTES * count;
  }

  @Override
  public byte[] encode(float[] values, int from, int count) {
    byte[] bytes = new byte[Short.BYTES * count];
    for (int i = 0; i < count; i++) {
      Payload.putHalf(bytes, Short.BYTES * i, toHalf(values[from + i]));
    }
    return bytes;
  }

  @Override
  public void check(Bytes bytes, int count, int maxExponent) throws MalformedUpdateException {
    Payload.requireLength(bytes, size(count), "f16");
    if (!Magnitudes.within16(bytes, bound(maxExponent))) {
      int i = 0;
      while (Magnitudes.within(toFloat(half(bytes, i)), maxExponent)) {
        i++;
      }
      throw Magnitudes.beyond(i, toFloat(half(bytes, i)), maxExponent);
    }
  }

  /** The greatest half up to 2^{@code maxExponent}. */
  private static int bound(int maxExponent) {
    if (maxExponent > LARGEST_EXPONENT) {
      return toHalf(LARGEST);
    }
    // Below the least subnormal only zero is left.
    return maxExponent < LEAST_EXPONENT ? 0 : toHalf(Math.scalb(1f, maxExponent));
  }

  private static int half(Bytes bytes, int i) {
    return Payload.half(bytes.array(), bytes.offset() + Short.BYTES * i);
  }

  @Override
  public void decode(Bytes bytes, int count, float[] values) {
    float[] table = Table.FLOATS;
    byte[] array = bytes.array();
    for (int i = 0, from = bytes.offset(); i < count; i++, from += Short.BYTES) {
      values[i] = table[Payload.half(array, from)];
    }
  }

  static int toHalf(float value) {
    int sign = Float.floatToRawIntBits(value) >>> 16 & 0x8000;
    float magnitude = Math.min(Math.abs(value), LARGEST);
    if (magnitude < SMALLEST_NORMAL) {
      // Subnormal halves are the multiples of 2^-24; rounding up to 1024 gives the first normal.
      return sign | (int) Math.rint(magnitude * 0x1.0p24f);
    }
    int bits = Float.floatToRawIntBits(magnitude);
    int rounded = bits + 0xfff + (bits >>> 13 & 1);
    return sign | (rounded >>> 13) - (127 - 15 << 10);
  }

  static float toFloat(int half) {
    int exponent = half >>> 10 & 0x1f;
    int fraction = half & 0x3ff;
    float magnitude;
    if (exponent == 0) {
      magnitude = fraction * 0x1.0p-24f;
    } else if (exponent == 0x1f) {
      magnitude = fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
    } else {
      magnitude = Float.intBitsToFloat(exponent + 127 - 15 << 23 | fraction << 13);
    }
    return (half & 0x8000) == 0 ? magnitude : -magnitude;
  }

  /** All 65,536 values (256 KiB), made when the first half is decoded. */
  private static final class Table {

    static final float[] FLOATS = new float[1 << 16];

    static {
      for (int half = 0; half < FLOATS.length; half++) {
        FLOATS[half] = toFloat(half);
      }
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import anabranch.protocol.Bytes;

/**
 * The upper half of binary32: 2 bytes a value, its whole range, relative error at most 2^-8.
 * Encoding rounds ties to even and takes what would become infinite to the largest finite value.
 */
record BFloat16Values() implements ValueCodec {

  private static final int LARGEST = 0x7f7f;

  @Override
  public long size(int count) {
    return (long) Short.BYTES * count;
  }

  @Override
  public byte[] encode(float[] values, int from, int count) {
    byte[] bytes = new byte[Short.BYTES * count];
    for (int i = 0; i < count; i++) {
      Payload.putHalf(bytes, Short.BYTES * i, toUpper(values[from + i]));
    }
    return bytes;
  }

  private static int toUpper(float value) {
    int bits = Float.floatToRawIntBits(value);
    int magnitude = bits & 0x7fffffff;
    int rounded = magnitude + 0x7fff + (magnitude >>> 16 & 1) >>> 16;
    return bits >>> 16 & 0x8000 | Math.min(rounded, LARGEST);
  }

  @Override
  public void check(Bytes bytes, int count, int maxExponent) throws MalformedUpdateException {
    Payload.requireLength(bytes, size(count), "bf16");
    // The half that is cut off has no bits of a power of two, and rounds the greatest float down.
    int bound = Float.floatToRawIntBits(Magnitudes.bound(maxExponent)) >>> 16;
    if (!Magnitudes.within16(bytes, bound)) {
      int i = 0;
      while (Magnitudes.within(value(bytes, i), maxExponent)) {
        i++;
      }
      throw Magnitudes.beyond(i, value(bytes, i), maxExponent);
    }
  }

  private static float value(Bytes bytes, int i) {
    int upper = Payload.half(bytes.array(), bytes.offset() + Short.BYTES * i);
    return Float.intBitsToFloat(upper << 16);
  }

  @Override
  public void decode(Bytes bytes, int count, float[] values) {
    for (int i = 0; i < count; i++) {
      values[i] = value(bytes, i);
    }
  }
}

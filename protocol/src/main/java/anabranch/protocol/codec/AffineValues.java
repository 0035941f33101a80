// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import anabranch.protocol.Bytes;
import anabranch.protocol.codec.EncodingSettings.Rounding;
import anabranch.protocol.codec.MalformedUpdateException.Reason;

/**
 * Codes of 0 to 16 bits on an even grid: 8-bit quantization, one value for all (0 bits) and sign
 * with scale (1 bit, lo = -m, step = 2m) are all this code. Nothing decodes outside the grid, so
 * the error is at most about half a step.
 */
record AffineValues(int bits, float lo, float step) implements ValueCodec {

  private static final int MAX_BITS = 16;

  @Override
  public long size(int count) {
    return Payload.bytesFor((long) count * bits);
  }

  /** Each value becomes the nearest code, half-way cases the upper one. */
  @Override
  public byte[] encode(float[] values, int from, int count) {
    int[] codes = new int[count];
    AffineGrid.of(this).encode(Rounding.NEAREST, 0, values, from, count, codes);
    return pack(codes, count);
  }

  /**
   * The bytes of {@code count} codes. Eight at a time they are {@code bits} whole bytes, which two
   * words hold whatever their width; what a word writes too much the next one overwrites.
   */
  byte[] pack(int[] codes, int count) {
    byte[] bytes = new byte[(int) size(count)];
    int half = 4 * bits;
    int at = 0;
    int i = 0;
    for (; i + 8 <= count; i += 8, at += bits) {
      long low = fourCodes(codes, i);
      long high = fourCodes(codes, i + 4);
      Payload.putWord(bytes, at, half == Long.SIZE ? low : low | high << half);
      if (bits > 8) {
        Payload.putWord(bytes, at + Long.BYTES, high >>> Long.SIZE - half);
      }
    }
    long rest = 0;
    int filled = 0;
    for (; i < count; i++) {
      rest |= (long) codes[i] << filled;
      filled += bits;
      if (filled >= Integer.SIZE) {
        Payload.putWord(bytes, at, rest);
        at += Integer.BYTES;
        rest >>>= Integer.SIZE;
        filled -= Integer.SIZE;
      }
    }
    Payload.putWord(bytes, at, rest);
    return bytes;
  }

  private long fourCodes(int[] codes, int i) {
    return codes[i]
        | (long) codes[i + 1] << bits
        | (long) codes[i + 2] << 2 * bits
        | (long) codes[i + 3] << 3 * bits;
  }

  @Override
  public void check(Bytes bytes, int count, int maxExponent) throws MalformedUpdateException {
    requireFiniteGrid();
    Payload.requireLength(bytes, size(count), "affine");
    byte[] array = bytes.array();
    int start = bytes.offset();
    int end = start + bytes.length();
    int used = (int) ((long) count * bits & 7);
    if (used != 0 && (array[end - 1] & 0xff) >>> used != 0) {
      throw new MalformedUpdateException(Reason.PADDING, "affine: padding bits are not all zeros");
    }
    // Values rise with their codes, so the ends of the grid speak for all between them.
    if (!Magnitudes.within(lo, maxExponent) || !Magnitudes.within(highest(), maxExponent)) {
      for (int i = 0; i < count; i++) {
        float value = value(codesFrom(i, array, start, end));
        if (!Magnitudes.within(value, maxExponent)) {
          throw Magnitudes.beyond(i, value, maxExponent);
        }
      }
    }
  }

  @Override
  public void decode(Bytes bytes, int count, float[] values) {
    if (bits <= Byte.SIZE && count >= 1 << bits) {
      decodeByTable(bytes, count, values);
    } else {
      decodeByGrid(bytes, count, values);
    }
  }

  /**
   * Looks values up, which pays where there are at least as many elements as codes. Eight codes
   * begin at a byte and lie in one word.
   */
  private void decodeByTable(Bytes bytes, int count, float[] values) {
    float[] table = new float[1 << bits];
    for (int code = 0; code < table.length; code++) {
      table[code] = value(code);
    }
    byte[] array = bytes.array();
    int end = bytes.offset() + bytes.length();
    int mask = (1 << bits) - 1;
    int at = bytes.offset();
    int i = 0;
    for (; i + 8 <= count; i += 8, at += bits) {
      long word = Payload.word(array, at, end);
      values[i] = table[(int) word & mask];
      values[i + 1] = table[(int) (word >>> bits) & mask];
      values[i + 2] = table[(int) (word >>> 2 * bits) & mask];
      values[i + 3] = table[(int) (word >>> 3 * bits) & mask];
      values[i + 4] = table[(int) (word >>> 4 * bits) & mask];
      values[i + 5] = table[(int) (word >>> 5 * bits) & mask];
      values[i + 6] = table[(int) (word >>> 6 * bits) & mask];
      values[i + 7] = table[(int) (word >>> 7 * bits) & mask];
    }
    for (long rest = Payload.word(array, at, end); i < count; i++, rest >>>= bits) {
      values[i] = table[(int) rest & mask];
    }
  }

  private void decodeByGrid(Bytes bytes, int count, float[] values) {
    byte[] array = bytes.array();
    int start = bytes.offset();
    int end = start + bytes.length();
    int i = 0;
    // Four codes begin at a half byte at worst, so one word holds them whatever their width.
    for (; i + 4 <= count; i += 4) {
      long word = codesFrom(i, array, start, end);
      values[i] = value(word);
      values[i + 1] = value(word >>> bits);
      values[i + 2] = value(word >>> 2 * bits);
      values[i + 3] = value(word >>> 3 * bits);
    }
    for (; i < count; i++) {
      values[i] = value(codesFrom(i, array, start, end));
    }
  }

  private long codesFrom(int i, byte[] array, int start, int end) {
    int position = i * bits;
    return Payload.word(array, start + (position >>> 3), end) >>> (position & 7);
  }

  /** Value of the code in the low bits. Two roundings on every machine: Java never fuses them. */
  private float value(long word) {
    int code = (int) word & (1 << bits) - 1;
    return lo + (float) code * step;
  }

  private float highest() {
    return lo + (float) ((1 << bits) - 1) * step;
  }

  private void requireFiniteGrid() throws MalformedUpdateException {
    if (bits < 0 || bits > MAX_BITS) {
      throw new MalformedUpdateException(
          Reason.PARAMETER, "affine: " + bits + " bits, allowed are 0 to " + MAX_BITS);
    }
    float highest = highest();
    if (!Float.isFinite(lo) || !Float.isFinite(step) || step < 0 || !Float.isFinite(highest)) {
      throw new MalformedUpdateException(
          Reason.PARAMETER, "affine: no finite grid from lo " + lo + " in steps of " + step);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import anabranch.protocol.Bytes;
import anabranch.protocol.codec.MalformedUpdateException.Reason;

/**
 * Codes of 0 to 16 bits on an even grid: 8-bit quantization, one value for all (0 bits) and sign
 * with scale (1 bit, lo = -m, step = 2m) are all this code. Nothing decodes outside the grid, so
 * the error is at most about half a step.
 */
record AffineValues(int bits, float lo, float step) implements ValueCodec {

  private static final int MAX_BITS = 16;

  /**
   * The grid from the least to the greatest value, or for 0 bits the mean alone. The step is
   * rounded so that no code decodes beyond the greatest value, which may lie at the bound of what
   * the job accepts.
   *
   * @throws IllegalArgumentException if the range of the values is no finite float
   */
  static AffineValues fit(float[] values, int bits) {
    if (values.length == 0) {
      return new AffineValues(bits, 0, 0);
    }
    float least = values[0];
    float greatest = values[0];
    double sum = 0;
    for (float value : values) {
      least = Math.min(least, value);
      greatest = Math.max(greatest, value);
      sum += value;
    }
    if (bits == 0) {
      return new AffineValues(0, (float) (sum / values.length), 0);
    }
    float levels = (1 << bits) - 1;
    float step = (float) (((double) greatest - least) / levels);
    if (!Float.isFinite(levels * step)) {
      throw new IllegalArgumentException(
          "values from %s to %s are too far apart for affine codes".formatted(least, greatest));
    }
    while (least + levels * step > greatest) {
      step = Math.nextDown(step);
    }
    return new AffineValues(bits, least, step);
  }

  @Override
  public long size(int count) {
    return Payload.bytesFor((long) count * bits);
  }

  /** Each value becomes the nearest code, half-way cases the upper one. */
  @Override
  public byte[] encode(float[] values) {
    int levels = (1 << bits) - 1;
    float highest = highest();
    double codesPerUnit = highest > lo ? levels / ((double) highest - lo) : 0;
    BitWriter writer = new BitWriter((int) size(values.length));
    for (float value : values) {
      double code = Math.max(0, Math.min(levels, ((double) value - lo) * codesPerUnit));
      writer.put((int) (code + 0.5), bits);
    }
    return writer.paddedWithZeros();
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

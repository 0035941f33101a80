// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import anabranch.protocol.Bytes;
import anabranch.protocol.codec.MalformedUpdateException.Reason;

/** Gaps as base-128 varints, low groups first: a byte each for gaps below 128. */
record GapVarintIndex() implements IndexCodec {

  private static final int MAX_BYTES = 5;

  /** The continuation bits of the bytes that one varint may have. */
  private static final long CONTINUATION = 0x80_80_80_80_80L;

  @Override
  public long size(int[] indices, int count, int length) {
    int size = count == 0 ? 0 : width(indices[0]);
    for (int i = 1; i < count; i++) {
      size += width(indices[i] - indices[i - 1] - 1);
    }
    return size;
  }

  /**
   * A byte, and one more from 2^7, 2^14, 2^21 and 2^28 on, of which the differences have a sign.
   */
  private static int width(int gap) {
    return 1
        + ((1 << 7) - 1 - gap >>> 31)
        + ((1 << 14) - 1 - gap >>> 31)
        + ((1 << 21) - 1 - gap >>> 31)
        + ((1 << 28) - 1 - gap >>> 31);
  }

  @Override
  public byte[] encode(int[] indices, int count, int length) {
    byte[] bytes = new byte[(int) size(indices, count, length)];
    int position = 0;
    int expected = 0;
    for (int i = 0; i < count; i++) {
      int index = indices[i];
      int gap = index - expected;
      for (; gap > 0x7f; gap >>>= 7) {
        bytes[position++] = (byte) (gap | 0x80);
      }
      bytes[position++] = (byte) gap;
      expected = index + 1;
    }
    return bytes;
  }

  // A varint is cut out of one word without a branch on its width: where one- and two-byte gaps
  // mix, a loop over the bytes mispredicts at almost every gap.
  @Override
  public void decode(Bytes bytes, int count, int length, int[] indices)
      throws MalformedUpdateException {
    byte[] array = bytes.array();
    int position = bytes.offset();
    int end = position + bytes.length();
    long expected = 0;
    for (int i = 0; i < count; i++) {
      long word = Payload.word(array, position, end);
      int last = Long.numberOfTrailingZeros(~word & CONTINUATION) >>> 3;
      word &= 0xff_ff_ff_ff_ffL >>> 8 * (MAX_BYTES - 1 - last & 7);
      long gap =
          word & 0x7f
              | word >>> 1 & 0x7f << 7
              | word >>> 2 & 0x7f << 14
              | word >>> 3 & 0x7f << 21
              | word >>> 4 & 0x7fL << 28;
      long index = expected + gap;
      boolean overlong = last > 0 & gap >>> 7 * last == 0;
      if (last >= MAX_BYTES | position + last >= end | overlong | index >= length) {
        throw refusal(i, last, end - position, overlong, index, length);
      }
      indices[i] = (int) index;
      expected = index + 1;
      position += last + 1;
    }
    if (position != end) {
      throw new MalformedUpdateException(
          Reason.TRAILING,
          "varint: " + (end - position) + " bytes follow the last of " + count + " gaps");
    }
  }

  private static MalformedUpdateException refusal(
      int gap, int last, int left, boolean overlong, long index, int length) {
    String where = "varint: gap " + gap;
    if (last >= MAX_BYTES) {
      return new MalformedUpdateException(
          Reason.TOO_LONG, where + " has more than " + MAX_BYTES + " bytes");
    }
    if (last >= left) {
      return new MalformedUpdateException(Reason.TRUNCATED, where + " is cut off");
    }
    if (overlong) {
      return new MalformedUpdateException(Reason.OVERLONG, where + " ends in a zero byte");
    }
    return new MalformedUpdateException(
        Reason.RANGE, where + " leads to index " + index + " of a segment of " + length);
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import anabranch.protocol.Bytes;
import anabranch.protocol.codec.MalformedUpdateException.Reason;

/** One bit an element. The smallest index code from about 41 % of the elements on. */
record BitmapIndex() implements IndexCodec {

  @Override
  public long size(int[] indices, int count, int length) {
    return Payload.bytesFor(length);
  }

  @Override
  public byte[] encode(int[] indices, int count, int length) {
    byte[] bytes = new byte[(int) size(indices, count, length)];
    for (int i = 0; i < count; i++) {
      int index = indices[i];
      bytes[index >>> 3] |= (byte) (1 << (index & 7));
    }
    return bytes;
  }

  @Override
  public void decode(Bytes bytes, int count, int length, int[] indices)
      throws MalformedUpdateException {
    Payload.requireLength(bytes, Payload.bytesFor(length), "bitmap");
    byte[] array = bytes.array();
    int start = bytes.offset();
    int end = start + bytes.length();
    if ((length & 7) != 0 && (array[end - 1] & 0xff) >>> (length & 7) != 0) {
      throw new MalformedUpdateException(
          Reason.PADDING, "bitmap: bits are set beyond element " + (length - 1));
    }
    // Counting first keeps the writes below within count.
    int present = 0;
    for (int from = start; from < end; from += Long.BYTES) {
      present += Long.bitCount(Payload.word(array, from, end));
    }
    if (present != count) {
      throw new MalformedUpdateException(
          Reason.COUNT, "bitmap: " + present + " bits are set, count is " + count);
    }
    expand(array, start, end, indices);
  }

  private static void expand(byte[] array, int start, int end, int[] indices) {
    int next = 0;
    for (int from = start; from < end; from += Long.BYTES) {
      int first = (from - start) << 3;
      for (long word = Payload.word(array, from, end); word != 0; word &= word - 1) {
        indices[next++] = first + Long.numberOfTrailingZeros(word);
      }
    }
  }
}

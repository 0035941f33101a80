// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import anabranch.protocol.Bytes;
import anabranch.protocol.codec.MalformedUpdateException.Reason;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Reads that never leave a payload. It is a run inside a larger array, so a read past its end would
 * not fail: it would see the next field of the record.
 */
final class Payload {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  private Payload() {}

  /**
   * The eight bytes from {@code from} on as a little-endian number; those at {@code end} and beyond
   * count as zero.
   */
  static long word(byte[] array, int from, int end) {
    if (from <= end - Long.BYTES) {
      return (long) LONGS.get(array, from);
    }
    long word = 0;
    for (int i = end - 1; i >= from; i--) {
      word = word << 8 | (array[i] & 0xff);
    }
    return word;
  }

  /**
   * The eight bytes from {@code from} on as a little-endian number; all must lie in the payload.
   */
  static long word(byte[] array, int from) {
    return (long) LONGS.get(array, from);
  }

  /** The two bytes from {@code from} on, 0 to 65535; both must lie in the payload. */
  static int half(byte[] array, int from) {
    return (short) SHORTS.get(array, from) & 0xffff;
  }

  /** Number of bytes that hold {@code bits} bits. */
  static long bytesFor(long bits) {
    return (bits + 7) / 8;
  }

  static void requireLength(Bytes bytes, long expected, String code)
      throws MalformedUpdateException {
    if (bytes.length() != expected) {
      throw new MalformedUpdateException(
          Reason.LENGTH, code + ": " + bytes.length() + " bytes, expected " + expected);
    }
  }
}

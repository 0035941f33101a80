// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import anabranch.protocol.Bytes;
import anabranch.protocol.codec.MalformedUpdateException.Reason;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Reads and writes that never leave a payload. One that came is a run inside a larger array, so a
 * read past its end would not fail: it would see the next field of the record.
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

  /** Writes the low two bytes of {@code half}, little-endian. */
  static void putHalf(byte[] array, int at, int half) {
    SHORTS.set(array, at, (short) half);
  }

  /** Writes a word, little-endian; bytes of it that would lie beyond the array are dropped. */
  static void putWord(byte[] array, int at, long word) {
    if (at <= array.length - Long.BYTES) {
      LONGS.set(array, at, word);
      return;
    }
    long rest = word;
    for (int i = at; i < array.length; i++) {
      array[i] = (byte) rest;
      rest >>>= Byte.SIZE;
    }
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

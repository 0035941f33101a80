// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A read-only run of bytes inside an array that may be larger: a payload is cut out of a Kafka
 * record without a copy. Two runs are equal when their bytes are.
 *
 * @param array backing array; nobody may change it
 * @param offset first byte of the run
 * @param length number of bytes of the run
 */
public record Bytes(byte[] array, int offset, int length) {

  public static final Bytes EMPTY = new Bytes(new byte[0], 0, 0);

  public Bytes {
    if (offset < 0 || length < 0 || offset > array.length - length) {
      throw new IndexOutOfBoundsException(
          "run of %d bytes at %d in an array of %d".formatted(length, offset, array.length));
    }
  }

  public static Bytes of(byte[] array) {
    return new Bytes(array, 0, array.length);
  }

  /** Values as they travel: float32, little-endian. */
  public static Bytes ofFloats(float[] values, int from, int count) {
    Bytes bytes = of(new byte[Math.multiplyExact(Float.BYTES, count)]);
    bytes.floats().put(values, from, count);
    return bytes;
  }

  /** All of an array. */
  public static Bytes ofFloats(float[] values) {
    return ofFloats(values, 0, values.length);
  }

  /** The values of a run that {@link #ofFloats} has made, or another of such a kind. */
  public FloatBuffer floats() {
    return ByteBuffer.wrap(array, offset, length).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }

  /** A copy of the bytes of this run alone. */
  public byte[] toArray() {
    return Arrays.copyOfRange(array, offset, offset + length);
  }

  public String toHex() {
    return HexFormat.of().formatHex(array, offset, offset + length);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that
        && Arrays.equals(
            array, offset, offset + length, that.array, that.offset, that.offset + that.length);
  }

  @Override
  public int hashCode() {
    int hash = 1;
    for (int i = offset; i < offset + length; i++) {
      hash = 31 * hash + array[i];
    }
    return hash;
  }

  @Override
  public String toString() {
    return length <= 32 ? toHex() : toHex().substring(0, 64) + "… (" + length + " bytes)";
  }
}

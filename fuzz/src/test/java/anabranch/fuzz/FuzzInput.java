// SPDX-License-Identifier: Apache-2.0
package anabranch.fuzz;

import anabranch.protocol.Bytes;
import anabranch.protocol.model.Segment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * What a fuzzer's bytes mean to the target of one code: 24 bytes of numbers, little-endian, those
 * that are missing 0, and the rest as payload.
 *
 * @param length elements of the segment, as the manifest would say; any number is brought into its
 *     range
 * @param count number of values, as the sender claims; what is within the segment is brought within
 *     {@link #MOST_VALUES}, since more only make it slow
 * @param first parameter of the code under test
 * @param second parameter of the code under test
 * @param payload the encoded bytes
 */
record FuzzInput(int length, int count, long first, long second, byte[] payload) {

  static final int MOST_VALUES = 1024;

  private static final int HEAD = 24;

  FuzzInput {
    length = Math.floorMod(length - 1, Segment.MAX_LENGTH) + 1;
    count = MOST_VALUES < count && count <= length ? count % MOST_VALUES : count;
  }

  static FuzzInput of(byte[] bytes) {
    ByteBuffer head = ByteBuffer.wrap(Arrays.copyOf(bytes, HEAD)).order(ByteOrder.LITTLE_ENDIAN);
    return new FuzzInput(
        head.getInt(),
        head.getInt(),
        head.getLong(),
        head.getLong(),
        Arrays.copyOfRange(bytes, Math.min(HEAD, bytes.length), bytes.length));
  }

  /** The bytes that mean this. */
  byte[] toBytes() {
    return ByteBuffer.allocate(HEAD + payload.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(length)
        .putInt(count)
        .putLong(first)
        .putLong(second)
        .put(payload)
        .array();
  }

  /** The payload as the whole of an array. */
  Bytes alone() {
    return Bytes.of(payload);
  }

  /** The payload as a run inside a larger array, as it is cut out of a Kafka record. */
  Bytes amidst(byte neighbour) {
    byte[] array = new byte[payload.length + 2 * Long.BYTES + 1];
    Arrays.fill(array, neighbour);
    System.arraycopy(payload, 0, array, Long.BYTES + 1, payload.length);
    return new Bytes(array, Long.BYTES + 1, payload.length);
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.client.link;

/**
 * Bytes that a record takes in Kafka's log when it is alone in its batch, as a lone client writes
 * it: the batch's header, the record's own fields as variable-length integers, key and value
 * (Kafka's message format 2, without compression, headers or a transaction's marker).
 */
public final class StoredRecord {

  private static final int BATCH_HEADER = 61;
  // Attributes, timestamp delta, offset delta and the number of headers: one byte each.
  private static final int SMALL_FIELDS = 4;
  private static final int VARINT_BITS = 7;

  /** The record that ends a transaction in a partition, with its batch. */
  public static final int MARKER = 78;

  /** Length of what is not there: a missing key, the value of a tombstone. */
  public static final int ABSENT = -1;

  private StoredRecord() {}

  /**
   * @param key of the record, null when it has none
   * @param value of the record, null when it is a tombstone
   */
  public static long bytes(byte[] key, byte[] value) {
    return bytes(key == null ? ABSENT : key.length, value == null ? ABSENT : value.length);
  }

  /**
   * The same by the lengths alone.
   *
   * @param keyLength bytes of the key, or {@link #ABSENT}
   * @param valueLength bytes of the value, or {@link #ABSENT}
   */
  public static long bytes(int keyLength, long valueLength) {
    long body = SMALL_FIELDS + field(keyLength) + field(valueLength);
    return BATCH_HEADER + varint(body) + body;
  }

  private static long field(long length) {
    return varint(length) + Math.max(0, length);
  }

  /** Length of a number in zigzag code, 7 bits a byte. */
  private static int varint(long number) {
    long zigzag = number << 1 ^ number >> (Long.SIZE - 1);
    int bits = Long.SIZE - Long.numberOfLeadingZeros(zigzag | 1);
    return (bits + VARINT_BITS - 1) / VARINT_BITS;
  }
}

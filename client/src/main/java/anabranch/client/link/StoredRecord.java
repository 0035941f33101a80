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

  private StoredRecord() {}

  /**
   * @param key of the record, null when it has none
   * @param value of the record, null when it is a tombstone
   */
  public static long bytes(byte[] key, byte[] value) {
    long body = SMALL_FIELDS + field(key) + field(value);
    return BATCH_HEADER + varint(body) + body;
  }

  private static long field(byte[] content) {
    return content == null ? varint(-1) : varint(content.length) + content.length;
  }

  /** Length of a number in zigzag code, 7 bits a byte. */
  private static int varint(long number) {
    long zigzag = number << 1 ^ number >> (Long.SIZE - 1);
    int bits = Long.SIZE - Long.numberOfLeadingZeros(zigzag | 1);
    return (bits + VARINT_BITS - 1) / VARINT_BITS;
  }
}

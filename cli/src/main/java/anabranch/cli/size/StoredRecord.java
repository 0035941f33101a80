// SPDX-License-Identifier: Apache-2.0
package anabranch.cli.size;

/**
 * What a record takes in Kafka's log, which stores it as it came over the network: record format 2
 * (Kafka's documentation, "Record Batch"), each record counted as a batch of its own. Small records
 * that come at the same time share one, and take less.
 */
final class StoredRecord {

  /** The header of a batch. */
  private static final int BATCH = 61;

  /** Attributes, time and offset within the batch, and the number of headers. */
  private static final int FIXED = 4;

  /** The record that ends a transaction in a partition, with its batch. */
  static final int MARKER = 78;

  private static final int VARINT_BITS = 7;

  private StoredRecord() {}

  /**
   * @param keyBytes of its key
   * @param valueBytes of its value
   */
  static long bytes(int keyBytes, long valueBytes) {
    long body = FIXED + varint(keyBytes) + keyBytes + varint(valueBytes) + valueBytes;
    return BATCH + varint(body) + body;
  }

  /** Bytes of a zigzag varint of a number that is not negative. */
  private static int varint(long value) {
    int bits = Long.SIZE - Long.numberOfLeadingZeros(value << 1);
    return Math.max(1, (bits + VARINT_BITS - 1) / VARINT_BITS);
  }
}

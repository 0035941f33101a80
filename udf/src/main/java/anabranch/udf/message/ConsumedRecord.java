// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.message;

/**
 * A Kafka record as it was read, not looked into.
 *
 * @param id where it lies
 * @param key record key, or null
 * @param value record value, or null for a tombstone
 */
public record ConsumedRecord(RecordId id, byte[] key, byte[] value) {

  /** Bytes of key and value. */
  public int size() {
    return (key == null ? 0 : key.length) + (value == null ? 0 : value.length);
  }
}

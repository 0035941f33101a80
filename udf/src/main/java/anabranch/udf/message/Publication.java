// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.message;

/**
 * A record for the sink.
 *
 * @param topic which of the job's output topics
 * @param partition where it must lie, or {@link #ANY_PARTITION}
 * @param key record key, null when it has none
 * @param value record value
 * @param timestamp in milliseconds since 1970
 */
public record Publication(Topic topic, int partition, byte[] key, byte[] value, long timestamp) {

  /** Lets the producer choose by the key. */
  public static final int ANY_PARTITION = -1;

  /** The topics that the job writes; the order of the constants is part of the wire format. */
  public enum Topic {
    MODEL,
    PLANS,
    ROUNDS,
    REJECTED,
    DELTAS,
    CONTROL
  }
}

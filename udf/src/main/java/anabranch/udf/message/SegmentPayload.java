// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.message;

import anabranch.protocol.codec.SegmentUpdate;

/**
 * A segment's values as received, on their way to the segment's aggregator. Immutable.
 *
 * @param id record that it came in
 * @param update encoded values, already checked
 */
public record SegmentPayload(RecordId id, SegmentUpdate update) {

  /** Bytes that it holds: index and values. */
  public int size() {
    return update.index().length() + update.values().length();
  }
}

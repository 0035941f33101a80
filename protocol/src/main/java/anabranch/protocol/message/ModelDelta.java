// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.message;

import anabranch.protocol.codec.SegmentUpdate;

/**
 * What leads from one version of a segment to the next, on {@code <f>.deltas}.
 *
 * @param block index in the manifest
 * @param version of the block that it leads to
 * @param fromVersion version of the block that it leads from, below {@code version}
 * @param change to be added in float32, or with reference {@code WEIGHTS} the new values
 */
public record ModelDelta(int block, long version, long fromVersion, SegmentUpdate change) {

  /** Index of the segment in the manifest. */
  public int segment() {
    return change.segment();
  }
}

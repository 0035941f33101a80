// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.model;

import java.io.Serializable;

/**
 * The unit of encoding, keying, parallelism and publishing: a run of a block's flat vector.
 *
 * @param index position in the manifest over all blocks, from 0
 * @param block index of the block it lies in
 * @param role role of all its elements
 * @param offset first element in the block's flat vector
 * @param length number of elements, 1 to {@link #MAX_LENGTH}
 */
public record Segment(int index, int block, Role role, int offset, int length)
    implements Serializable {

  /**
   * 131,072 elements: 512 KiB as float32, so that one segment fits an untouched broker's record.
   */
  public static final int MAX_LENGTH = 1 << 17;

  public Segment {
    if (length < 1 || length > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "segment %d has %d elements, allowed are 1 to %d".formatted(index, length, MAX_LENGTH));
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import anabranch.protocol.message.BlockVersion;
import anabranch.protocol.model.Digest;

/**
 * Numbers of block versions. A number is never given to two contents, and a new version never takes
 * the ring slot of the announced one, which readers may still need if the new one is never
 * announced.
 */
final class Versions {

  private Versions() {}

  /** The number that the next version gets. */
  static long after(BlockVersion block, int ring) {
    long next = block.issued() + 1;
    return next % ring == block.version() % ring ? next + 1 : next;
  }

  /** The block under its next number. */
  static BlockVersion bumped(BlockVersion block, Digest digest, int ring, long publishedAt) {
    long next = after(block, ring);
    return new BlockVersion(block.block(), next, next, digest, publishedAt);
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import anabranch.protocol.message.BlockSnapshot;
import anabranch.protocol.message.BlockVersion;
import anabranch.protocol.model.Digest;

/**
 * Numbers of block versions. A number is never given to two contents, and a new version never takes
 * the ring slot of the newest one that lies whole on the model topic, which readers may still need:
 * if the new one is never announced, or to begin from. That holds for versions that travel as
 * changes too, since any of them may have to be published whole later.
 */
final class Versions {

  private Versions() {}

  /** The number that the next version gets. */
  static long after(BlockVersion block, int ring) {
    long next = block.issued() + 1;
    return next % ring == block.newestWhole().version() % ring ? next + 1 : next;
  }

  /**
   * The block under its next number, whole. Readers look for changes from the time of a version on,
   * so no version is older than the one before it: the job may run on another host than before, and
   * version 0 comes from a third one, whose clocks differ.
   */
  static BlockVersion bumped(BlockVersion block, Digest digest, int ring, long now) {
    long next = after(block, ring);
    return new BlockVersion(block.block(), next, next, digest, Math.max(now, block.publishedAt()));
  }

  /**
   * The version that a round makes.
   *
   * @param downlink how it travels, or null when it is published whole
   * @param last whether the federation is finished with it, so that nothing will follow
   */
  static BlockVersion next(
      BlockVersion block, int ring, DownlinkPolicy downlink, boolean last, long now) {
    BlockVersion next = bumped(block, block.digest(), ring, now);
    if (downlink == null) {
      return next;
    }
    BlockSnapshot newest = block.newestWhole();
    boolean due =
        last
            || newest.stepsTo(next.version(), ring) >= downlink.snapshotEvery()
            || now - newest.publishedAt() >= downlink.longestSnapshotAge().toMillis();
    return next.withSnapshot(due ? next.newestWhole() : newest);
  }

  /** The block as it is after it was published whole under its number. */
  static BlockVersion whole(BlockVersion block, DownlinkPolicy downlink) {
    BlockVersion whole = block.withSnapshot(null);
    return downlink == null ? whole : whole.withSnapshot(whole.newestWhole());
  }

  /**
   * When a block has to be published whole, because its changes will not be there for ever or are
   * not wanted any more; {@link Long#MAX_VALUE} for never.
   */
  static long wholeDueAt(BlockVersion block, DownlinkPolicy downlink) {
    if (block.isWhole()) {
      return Long.MAX_VALUE;
    }
    long age = downlink == null ? 0 : downlink.longestSnapshotAge().toMillis();
    return block.snapshot().publishedAt() + age;
  }
}

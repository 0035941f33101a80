// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.message;

import anabranch.protocol.model.Digest;

/**
 * The version of a block that an announcement makes usable.
 *
 * @param block index in the manifest
 * @param version 0 for the initial model, rising; a number is never given to two contents
 * @param issued the highest number that may have been given out, at least {@code version}: a job
 *     that starts without state goes on above it
 * @param digest of the block, see {@link Digest}
 * @param publishedAt timestamp of this version's records, in milliseconds since 1970: readers seek
 *     to it
 * @param snapshot the newest version that lies whole on the model topic, from which the deltas
 *     topic leads to this one; null when versions are published whole only, this one too
 */
public record BlockVersion(
    int block, long version, long issued, Digest digest, long publishedAt, BlockSnapshot snapshot) {

  /** A version that lies whole on the model topic. */
  public BlockVersion(int block, long version, long issued, Digest digest, long publishedAt) {
    this(block, version, issued, digest, publishedAt, null);
  }

  /** Whether this version itself lies whole on the model topic. */
  public boolean isWhole() {
    return snapshot == null || snapshot.version() == version;
  }

  /** The newest version that lies whole on the model topic: this one, or an earlier one. */
  public BlockSnapshot newestWhole() {
    return snapshot == null ? new BlockSnapshot(version, publishedAt) : snapshot;
  }

  /** The same with the digest of its values. */
  public BlockVersion withDigest(Digest newDigest) {
    return new BlockVersion(block, version, issued, newDigest, publishedAt, snapshot);
  }

  /** The same with another number as the highest that may have been given out. */
  public BlockVersion withIssued(long newIssued) {
    return new BlockVersion(block, version, newIssued, digest, publishedAt, snapshot);
  }

  /** The same with another version on the model topic. */
  public BlockVersion withSnapshot(BlockSnapshot newSnapshot) {
    return new BlockVersion(block, version, issued, digest, publishedAt, newSnapshot);
  }
}

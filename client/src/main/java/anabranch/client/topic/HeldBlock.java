// SPDX-License-Identifier: Apache-2.0
package anabranch.client.topic;

import anabranch.protocol.message.BlockVersion;
import anabranch.protocol.model.Digest;
import java.util.Map;

/**
 * A block as it is here.
 *
 * @param version of the block
 * @param digest of its values; a version number alone could belong to a timeline that was lost
 * @param publishedAt timestamp of the version's records, in milliseconds since 1970
 * @param vector its values; not to be changed
 * @param positions offsets on the deltas topic behind the version's changes, by partition; empty
 *     when the version was read whole
 */
record HeldBlock(
    long version, Digest digest, long publishedAt, float[] vector, Map<Integer, Long> positions) {

  HeldBlock(BlockVersion version, float[] vector, Map<Integer, Long> positions) {
    this(version.version(), version.digest(), version.publishedAt(), vector, positions);
  }
}

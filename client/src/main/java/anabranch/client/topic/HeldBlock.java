// SPDX-License-Identifier: Apache-2.0
package anabranch.client.topic;

import anabranch.protocol.message.BlockSnapshot;
import anabranch.protocol.message.BlockVersion;
import anabranch.protocol.model.Digest;
import java.util.Map;

/**
 * A block as it is here.
 *
 * @param version of the block
 * @param digest of its values; a version number alone could belong to a timeline that was lost
 * @param publishedAt timestamp of the version's records, in milliseconds since 1970
 * @param newestWhole the newest version that lay whole on the model topic when this one was
 *     announced: it, or an earlier one
 * @param vector its values; not to be changed
 * @param positions offsets on the deltas topic behind the version's changes, by partition; empty
 *     when the version was read whole
 */
record HeldBlock(
    long version,
    Digest digest,
    long publishedAt,
    BlockSnapshot newestWhole,
    float[] vector,
    Map<Integer, Long> positions) {

  HeldBlock(BlockVersion version, float[] vector, Map<Integer, Long> positions) {
    this(
        version.version(),
        version.digest(),
        version.publishedAt(),
        version.newestWhole(),
        vector,
        positions);
  }
}

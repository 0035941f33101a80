// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.message;

import anabranch.protocol.model.Digest;
import anabranch.udf.movement.Movement;

/**
 * A segment's word that its new version has left the aggregator.
 *
 * @param segment index in the manifest
 * @param sequence of the announcement that waits for it
 * @param version of its block
 * @param digest of the new values
 * @param squaredChange Σ(new − old)² over the segment, in index order
 * @param movement of its sample over the newest versions, or null if it was not measured
 */
public record Sealed(
    int segment,
    long sequence,
    long version,
    Digest digest,
    double squaredChange,
    Movement movement) {}

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
 * @param publishedAt timestamp of the segments' records, in milliseconds since 1970: readers seek
 *     to it
 */
public record BlockVersion(int block, long version, long issued, Digest digest, long publishedAt) {}

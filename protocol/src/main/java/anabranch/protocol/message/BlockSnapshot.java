// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.message;

/**
 * A version of a block that lies whole on the model topic.
 *
 * @param version of the block
 * @param publishedAt timestamp of its segments' records, in milliseconds since 1970
 */
public record BlockSnapshot(long version, long publishedAt) {}

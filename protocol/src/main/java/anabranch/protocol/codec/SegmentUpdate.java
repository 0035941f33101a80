// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import anabranch.protocol.Bytes;

/**
 * One segment of a client's update, encoded. The segment's length is not on the wire: it comes from
 * the manifest.
 *
 * @param segment index in the manifest
 * @param reference what the values are relative to
 * @param count number of values, 0 to the segment's length; equal to it for a dense index
 * @param indexCode how the indices are written
 * @param index the index bytes, empty for dense and seeded
 * @param valueCode how the values are written
 * @param values the value bytes
 */
public record SegmentUpdate(
    int segment,
    Reference reference,
    int count,
    IndexCode indexCode,
    Bytes index,
    ValueCode valueCode,
    Bytes values) {}

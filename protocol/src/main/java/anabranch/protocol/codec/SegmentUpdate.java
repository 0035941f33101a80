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
 * @param transform what the values are coefficients of; their number takes the place of the
 *     segment's length in everything above
 * @param group elements that an index stands for: with more than 1, index i means the elements from
 *     i·group on, the last group being shorter where the length is no multiple
 */
public record SegmentUpdate(
    int segment,
    Reference reference,
    int count,
    IndexCode indexCode,
    Bytes index,
    ValueCode valueCode,
    Bytes values,
    TransformCode transform,
    int group) {

  /** Values that are the elements themselves. */
  public SegmentUpdate(
      int segment,
      Reference reference,
      int count,
      IndexCode indexCode,
      Bytes index,
      ValueCode valueCode,
      Bytes values) {
    this(
        segment,
        reference,
        count,
        indexCode,
        index,
        valueCode,
        values,
        new TransformCode.Plain(),
        1);
  }

  /** The same values as coefficients. */
  public SegmentUpdate of(TransformCode code) {
    return new SegmentUpdate(
        segment, reference, count, indexCode, index, valueCode, values, code, group);
  }

  /** The same bytes with indices of groups. */
  public SegmentUpdate grouped(int size) {
    return new SegmentUpdate(
        segment, reference, count, indexCode, index, valueCode, values, transform, size);
  }
}

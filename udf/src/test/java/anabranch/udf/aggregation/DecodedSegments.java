// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.aggregation;

import anabranch.protocol.codec.DecodedSegment;
import anabranch.protocol.codec.IndexCode;
import anabranch.protocol.codec.MalformedUpdateException;
import anabranch.protocol.codec.Reference;
import anabranch.protocol.codec.SegmentDecoder;
import anabranch.protocol.codec.SegmentEncoder;
import anabranch.protocol.codec.ValueCode;
import java.util.stream.IntStream;

/** Values as the decoder hands them out. Each call overwrites the segment of the call before. */
final class DecodedSegments {

  private static final DecodedSegment DECODED = new DecodedSegment();

  private DecodedSegments() {}

  static DecodedSegment dense(float... values) {
    return decode(
        values.length, IntStream.range(0, values.length).toArray(), values, new IndexCode.Dense());
  }

  /** Values of some elements of a segment. */
  static DecodedSegment sparse(int length, int[] indices, float... values) {
    return decode(length, indices, values, new IndexCode.Bitmap());
  }

  private static DecodedSegment decode(int length, int[] indices, float[] values, IndexCode code) {
    try {
      SegmentDecoder.decode(
          SegmentEncoder.encodeSelected(
              0, Reference.DELTA, length, indices, values, code, new ValueCode.F32()),
          length,
          Float.MAX_EXPONENT,
          DECODED);
      return DECODED;
    } catch (MalformedUpdateException e) {
      throw new AssertionError(e);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.aggregation;

import anabranch.protocol.Bytes;
import anabranch.protocol.codec.DecodedSegment;
import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.codec.IndexCode;
import anabranch.protocol.codec.MalformedUpdateException;
import anabranch.protocol.codec.Reference;
import anabranch.protocol.codec.SegmentDecoder;
import anabranch.protocol.codec.SegmentEncoder;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.codec.SplitMix64;
import anabranch.protocol.codec.ValueCode;

/**
 * Encodes what leads from one version of a segment to the next, with error feedback at the server
 * (Sattler et al., arXiv 1903.02891, algorithm 1; Tang et al., arXiv 1905.05957): what an encoding
 * leaves out is owed to the next version. The published values are those that every client holds,
 * since both sides decode the same bytes and add them in float32. Equal arguments give equal bits.
 * Not for use by two threads.
 */
public final class DownlinkEncoder {

  /**
   * Beyond it a model diverges and a code for its changes may overflow: its values travel. Up to it
   * no sum overflows, since neighbours of the greatest float32 are 2^104 apart.
   */
  private static final double LARGEST_CHANGE = 0x1p64;

  /**
   * A new version of a segment.
   *
   * @param update what travels: the encoded change, or with reference WEIGHTS the values
   * @param values of the new version, a new array
   * @param residual what the encoding left out, a new array; null for nothing
   */
  public record Step(SegmentUpdate update, float[] values, float[] residual) {}

  private final SegmentEncoder encoder = new SegmentEncoder();
  private final DecodedSegment decoded;

  /**
   * @param scratch overwritten by every step
   */
  public DownlinkEncoder(DecodedSegment scratch) {
    this.decoded = scratch;
  }

  /**
   * Encodes a change of a segment. Nothing is owed after an unbiased encoding: its mean is the
   * change, and to feed back the difference would let it grow without end.
   *
   * @param segment index in the manifest
   * @param version that the segment gets; with the segment it gives the seed of a random code
   * @param published values that clients hold, all finite; not changed
   * @param change with what was owed, all finite, as {@link ServerStep#change} gives it
   * @param encoding without a transform
   */
  public Step encode(
      int segment, long version, float[] published, float[] change, EncodingSettings encoding) {
    double largest = LARGEST_CHANGE * (encoding.unbiased() ? encoding.fraction() : 1);
    if (!isBounded(change, largest)) {
      return values(segment, sum(published, change));
    }
    long seed = SplitMix64.longAt(version, segment);
    SegmentUpdate update =
        encoder.encode(segment, change, 0, change.length, Reference.DELTA, encoding, seed);
    decode(update, change.length);
    float[] values = published.clone();
    decoded.applyTo(Reference.DELTA, values, 0);
    return new Step(update, values, encoding.unbiased() ? null : residual(change));
  }

  /** A segment that travels by its values, dense and as float32. */
  public static Step values(int segment, float[] values) {
    SegmentUpdate update =
        new SegmentUpdate(
            segment,
            Reference.WEIGHTS,
            values.length,
            new IndexCode.Dense(),
            Bytes.EMPTY,
            new ValueCode.F32(),
            Bytes.ofFloats(values));
    return new Step(update, values, null);
  }

  private void decode(SegmentUpdate update, int length) {
    try {
      SegmentDecoder.decode(update, length, SegmentDecoder.EVERY_FINITE, decoded);
    } catch (MalformedUpdateException e) {
      throw new IllegalStateException(
          "segment %d: a change that was just encoded does not decode".formatted(update.segment()),
          e);
    }
  }

  /** What is not in the decoded change, null for nothing. */
  private float[] residual(float[] change) {
    float[] residual = change.clone();
    for (int i = 0; i < decoded.count(); i++) {
      residual[decoded.dense() ? i : decoded.indices()[i]] -= decoded.values()[i];
    }
    for (float owed : residual) {
      if (owed != 0) {
        return residual;
      }
    }
    return null;
  }

  private static boolean isBounded(float[] change, double largest) {
    for (float element : change) {
      if (Math.abs(element) > largest) {
        return false;
      }
    }
    return true;
  }

  /** As far as float32 goes. */
  private static float[] sum(float[] published, float[] change) {
    float[] sum = new float[published.length];
    for (int i = 0; i < sum.length; i++) {
      double exact = (double) published[i] + change[i];
      sum[i] = (float) Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, exact));
    }
    return sum;
  }
}

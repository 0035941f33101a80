// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import anabranch.protocol.codec.MalformedUpdateException.Reason;
import anabranch.protocol.model.Segment;

/**
 * Decodes segment updates from senders nobody vouches for. A pure function: the result depends on
 * the bytes, the segment's length and the bound alone, to the last bit and on any machine. It
 * allocates nothing that grows with a number on the wire.
 */
public final class SegmentDecoder {

  /** The exponent E that refuses nothing but NaN and the infinities. */
  public static final int EVERY_FINITE = Float.MAX_EXPONENT + 1;

  private SegmentDecoder() {}

  /**
   * Decodes {@code update} completely or refuses it; after a refusal {@code into} is empty.
   *
   * @param length elements of the segment, from the manifest
   * @param maxExponent E: a value beyond ±2^E is refused; -126 to {@link #EVERY_FINITE}
   * @param into overwritten
   * @throws MalformedUpdateException if no encoder of this package writes such an update
   */
  public static void decode(SegmentUpdate update, int length, int maxExponent, DecodedSegment into)
      throws MalformedUpdateException {
    if (length < 1 || length > Segment.MAX_LENGTH) {
      throw new IllegalArgumentException("a segment has 1 to 131072 elements, not " + length);
    }
    if (maxExponent < Float.MIN_EXPONENT || maxExponent > EVERY_FINITE) {
      throw new IllegalArgumentException("2^" + maxExponent + " bounds no normal float");
    }
    into.hold(0, false);
    boolean dense = update.indexCode() instanceof IndexCode.Dense;
    requireCount(update, length);
    ValueCodec.of(update.valueCode()).decode(update.values(), update.count(), into.values());
    requireMagnitude(into.values(), update.count(), maxExponent);
    IndexCodec.of(update.indexCode())
        .decode(update.index(), update.count(), length, into.indices());
    into.hold(update.count(), dense);
  }

  private static void requireCount(SegmentUpdate update, int length)
      throws MalformedUpdateException {
    int count = update.count();
    if (count < 0 || count > length) {
      throw new MalformedUpdateException(
          Reason.COUNT, count + " values for a segment of " + length);
    }
    // One form for one content. A seeded subset may be everything by chance or by p = 1.
    boolean chosen =
        !(update.indexCode() instanceof IndexCode.Dense)
            && !(update.indexCode() instanceof IndexCode.Seeded);
    if (chosen && count == length) {
      throw new MalformedUpdateException(
          Reason.COUNT, "all " + length + " elements are present: the index code must be dense");
    }
  }

  // NaN and the infinities have the greatest exponent, so one comparison of bits refuses them too.
  // The sign of a difference collects whether any value failed, without a branch on each.
  private static void requireMagnitude(float[] values, int count, int maxExponent)
      throws MalformedUpdateException {
    float bounding = Math.min(Math.scalb(1f, maxExponent), Float.MAX_VALUE);
    int bound = Float.floatToRawIntBits(bounding);
    int beyond = 0;
    for (int i = 0; i < count; i++) {
      beyond |= bound - (Float.floatToRawIntBits(values[i]) & 0x7fffffff);
    }
    if (beyond < 0) {
      throw beyondBound(values, bound, maxExponent);
    }
  }

  private static MalformedUpdateException beyondBound(float[] values, int bound, int maxExponent) {
    int i = 0;
    while ((Float.floatToRawIntBits(values[i]) & 0x7fffffff) <= bound) {
      i++;
    }
    return new MalformedUpdateException(
        Reason.MAGNITUDE, "value " + i + " is " + values[i] + ", beyond 2^" + maxExponent);
  }
}

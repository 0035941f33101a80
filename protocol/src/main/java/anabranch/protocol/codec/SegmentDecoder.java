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
    check(update, length, maxExponent, into);
    decodeValues(update, into);
  }

  /**
   * Refuses exactly what {@link #decode} refuses, for less than it takes to decode the values.
   * Arguments as there.
   *
   * @param scratch left empty
   */
  public static void check(
      SegmentUpdate update, int length, int maxExponent, DecodedSegment scratch)
      throws MalformedUpdateException {
    if (length < 1 || length > Segment.MAX_LENGTH) {
      throw new IllegalArgumentException("a segment has 1 to 131072 elements, not " + length);
    }
    if (maxExponent < Float.MIN_EXPONENT || maxExponent > EVERY_FINITE) {
      throw new IllegalArgumentException("2^" + maxExponent + " bounds no normal float");
    }
    scratch.hold(0, false);
    requireCount(update, length);
    ValueCodec.of(update.valueCode()).check(update.values(), update.count(), maxExponent);
    decodeIndices(update, length, scratch);
  }

  /**
   * Decodes without asking again how large the values are.
   *
   * @param update that {@link #check} let pass
   */
  public static void decodeChecked(SegmentUpdate update, int length, DecodedSegment into)
      throws MalformedUpdateException {
    decodeIndices(update, length, into);
    decodeValues(update, into);
  }

  private static void decodeIndices(SegmentUpdate update, int length, DecodedSegment into)
      throws MalformedUpdateException {
    IndexCodec codec = IndexCodec.of(update.indexCode());
    if (update.group() == 1) {
      codec.decode(update.index(), update.count(), length, into.indices());
    } else {
      new Groups(update.group(), length).decode(update, codec, into.indices());
    }
  }

  private static void decodeValues(SegmentUpdate update, DecodedSegment into) {
    ValueCodec.of(update.valueCode()).decode(update.values(), update.count(), into.values());
    into.hold(update.count(), update.indexCode() instanceof IndexCode.Dense);
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
}

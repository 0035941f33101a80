// SPDX-License-Identifier: Apache-2.0
package anabranch.cli.size;

import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.codec.IndexCode;
import anabranch.protocol.codec.SegmentTransform;
import anabranch.protocol.codec.TransformCode;
import anabranch.protocol.codec.ValueCode;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Role;
import anabranch.protocol.model.Segment;

/**
 * What a segment takes when it is encoded. Dense and bitmap codes take the same bytes whatever the
 * values are; for the others these are expectations over random positions. Positions that cluster
 * take less.
 *
 * @param count values
 * @param indexCode as it would be written
 * @param indexBytes of it
 * @param valueCode as it would be written
 * @param valueBytes of it
 * @param transform that the values are coefficients of
 */
record Payload(
    int count,
    IndexCode indexCode,
    long indexBytes,
    ValueCode valueCode,
    long valueBytes,
    TransformCode transform) {

  /** Gaps below these take 1, 2, 3 and 4 bytes as varints. */
  private static final int[] VARINT_LIMITS = {1 << 7, 1 << 14, 1 << 21};

  /** Every seed takes the same bytes; one of many bits has the most usual length in Avro. */
  private static final long ANY_SEED = Long.MAX_VALUE;

  private static final int MOST_RICE_BITS = 30;

  static Payload of(ModelManifest manifest, Segment segment, EncodingSettings plan) {
    EncodingSettings encoding = segment.role() == Role.BUFFER ? EncodingSettings.DENSE_F32 : plan;
    TransformCode transform = encoding.transformCode(ANY_SEED);
    int length = SegmentTransform.of(transform, manifest, segment).coefficients();
    int count = count(length, encoding);
    ValueCode valueCode = valueCode(encoding);
    long valueBytes = bytesFor((double) count * valueBits(encoding));
    boolean everything = count == length && encoding.index() != EncodingSettings.Index.SEEDED;
    if (everything) {
      return new Payload(count, new IndexCode.Dense(), 0, valueCode, valueBytes, transform);
    }
    double absent = 1 - (double) count / length;
    int riceBits = riceBits(absent);
    Payload bitmap =
        new Payload(
            count, new IndexCode.Bitmap(), bytesFor(length), valueCode, valueBytes, transform);
    Payload varint =
        new Payload(
            count,
            new IndexCode.GapVarint(),
            Math.round(count * varintBytes(absent)),
            valueCode,
            valueBytes,
            transform);
    Payload rice =
        new Payload(
            count,
            new IndexCode.Rice(riceBits),
            bytesFor(count * riceCodeBits(riceBits, absent)),
            valueCode,
            valueBytes,
            transform);
    return switch (encoding.index()) {
      case DENSE -> throw new IllegalStateException("a dense code has every element");
      case BITMAP -> bitmap;
      case GAP_VARINT -> varint;
      case RICE -> rice;
      case SEEDED ->
          new Payload(
              count,
              new IndexCode.Seeded(ANY_SEED, encoding.fraction()),
              0,
              valueCode,
              valueBytes,
              transform);
      case SMALLEST -> rice.orSmaller(varint).orSmaller(bitmap);
    };
  }

  private Payload orSmaller(Payload other) {
    return other.indexBytes < indexBytes ? other : this;
  }

  private static int count(int length, EncodingSettings encoding) {
    return switch (encoding.index()) {
      case DENSE -> length;
      case SEEDED -> (int) Math.round(length * encoding.fraction());
      default -> (int) Math.min(length, Math.ceil(length * encoding.fraction()));
    };
  }

  /** Index and values. */
  long bytes() {
    return indexBytes + valueBytes;
  }

  /**
   * Expected bytes of a gap, whose length is geometric.
   *
   * @param absent probability that an element has no value
   */
  private static double varintBytes(double absent) {
    double bytes = 1;
    for (int limit : VARINT_LIMITS) {
      bytes += Math.pow(absent, limit);
    }
    return bytes;
  }

  /** Expected bits of a gap in Rice code: the low bits, a zero, and a one for each 2^bits. */
  private static double riceCodeBits(int bits, double absent) {
    double longer = Math.pow(absent, 1 << bits);
    return bits + 1 + longer / (1 - longer);
  }

  private static int riceBits(double absent) {
    int best = 0;
    for (int bits = 1; bits <= MOST_RICE_BITS; bits++) {
      if (riceCodeBits(bits, absent) < riceCodeBits(best, absent)) {
        best = bits;
      }
    }
    return best;
  }

  private static int valueBits(EncodingSettings encoding) {
    return switch (encoding.value()) {
      case F32 -> Float.SIZE;
      case F16, BF16 -> Short.SIZE;
      case AFFINE -> encoding.bits();
    };
  }

  private static ValueCode valueCode(EncodingSettings encoding) {
    return switch (encoding.value()) {
      case F32 -> new ValueCode.F32();
      case F16 -> new ValueCode.F16();
      case BF16 -> new ValueCode.BF16();
      case AFFINE -> new ValueCode.Affine(encoding.bits(), 0, 1);
    };
  }

  private static long bytesFor(double bits) {
    return (long) Math.ceil(bits / Byte.SIZE);
  }
}

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
import java.util.Comparator;
import java.util.stream.Stream;

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
 * @param group elements that are listed together
 */
record Payload(
    int count,
    IndexCode indexCode,
    long indexBytes,
    ValueCode valueCode,
    long valueBytes,
    TransformCode transform,
    int group) {

  /** Gaps below these take 1, 2, 3 and 4 bytes as varints. */
  private static final int[] VARINT_LIMITS = {1 << 7, 1 << 14, 1 << 21};

  /** Every seed takes the same bytes; one of many bits has the most usual length in Avro. */
  private static final long ANY_SEED = Long.MAX_VALUE;

  private static final int MOST_RICE_BITS = 30;

  static Payload of(ModelManifest manifest, Segment segment, EncodingSettings plan) {
    EncodingSettings encoding =
        segment.role() == Role.BUFFER
            ? EncodingSettings.DENSE_F32
            : plan.ofBlock(manifest, segment.block());
    TransformCode transform = encoding.transformCode(ANY_SEED);
    int length = SegmentTransform.of(transform, manifest, segment).coefficients();
    int group = encoding.group();
    int groups = (length + group - 1) / group;
    int listed = listed(groups, encoding);
    int count = Math.min(length, listed * group);
    ValueCode valueCode = valueCode(encoding);
    long valueBytes = bytesFor((double) count * valueBits(encoding));
    IndexCode indexCode = indexCode(listed, groups, encoding);
    boolean dense = indexCode instanceof IndexCode.Dense;
    return new Payload(
        count,
        indexCode,
        indexBytes(indexCode, listed, groups),
        valueCode,
        valueBytes,
        transform,
        dense ? 1 : group);
  }

  private static IndexCode indexCode(int listed, int groups, EncodingSettings encoding) {
    if (encoding.index() == EncodingSettings.Index.SEEDED) {
      return new IndexCode.Seeded(ANY_SEED, encoding.fraction());
    }
    if (listed == groups) {
      return new IndexCode.Dense();
    }
    IndexCode rice = new IndexCode.Rice(riceBits(1 - (double) listed / groups));
    return switch (encoding.index()) {
      case DENSE, SEEDED -> throw new IllegalStateException("lists no elements");
      case BITMAP -> new IndexCode.Bitmap();
      case GAP_VARINT -> new IndexCode.GapVarint();
      case RICE -> rice;
      case SMALLEST ->
          Stream.of(rice, new IndexCode.GapVarint(), new IndexCode.Bitmap())
              .min(Comparator.comparingLong(code -> indexBytes(code, listed, groups)))
              .orElseThrow();
    };
  }

  private static long indexBytes(IndexCode code, int listed, int groups) {
    double absent = 1 - (double) listed / groups;
    if (code instanceof IndexCode.Bitmap) {
      return bytesFor(groups);
    }
    if (code instanceof IndexCode.GapVarint) {
      return Math.round(listed * varintBytes(absent));
    }
    return code instanceof IndexCode.Rice rice
        ? bytesFor(listed * riceCodeBits(rice.bits(), absent))
        : 0;
  }

  private static int listed(int groups, EncodingSettings encoding) {
    return switch (encoding.index()) {
      case DENSE -> groups;
      case SEEDED -> (int) Math.round(groups * encoding.fraction());
      default -> encoding.listed(groups);
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

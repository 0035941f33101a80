// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import anabranch.protocol.Bytes;
import java.util.Arrays;

/** Encodes what a client trained, as a plan asks for it. */
public final class SegmentEncoder {

  private SegmentEncoder() {}

  /**
   * Encodes one segment out of a flat vector. A sparse code carries the {@code ceil(length *
   * fraction)} elements of greatest magnitude, of equals those of lower index, zeros left out; a
   * seeded one carries those that the seed draws. Where that is every element the update is dense.
   *
   * @param segment index in the manifest
   * @param values all finite
   * @param offset first element in {@code values}
   * @param length elements of the segment
   * @param seed of the subset, for a seeded index
   * @throws IllegalArgumentException if a value is not finite, or if affine codes cannot span them
   */
  public static SegmentUpdate encode(
      int segment,
      float[] values,
      int offset,
      int length,
      Reference reference,
      EncodingSettings settings,
      long seed) {
    requireFinite(segment, values, offset, length);
    if (settings.index() == EncodingSettings.Index.DENSE) {
      float[] all = Arrays.copyOfRange(values, offset, offset + length);
      IndexCode dense = new IndexCode.Dense();
      return update(segment, reference, dense, new byte[0], valueCode(settings, all), all);
    }
    int[] indices =
        settings.index() == EncodingSettings.Index.SEEDED
            ? new SeededIndex(seed, settings.fraction()).draw(length)
            : LargestElements.choose(values, offset, length, target(length, settings.fraction()));
    float[] chosen = new float[indices.length];
    for (int i = 0; i < chosen.length; i++) {
      chosen[i] = values[offset + indices[i]];
    }
    return encodeSelected(
        segment,
        reference,
        length,
        indices,
        chosen,
        indexCode(settings, indices, length, seed),
        valueCode(settings, chosen));
  }

  /**
   * Encodes values that the caller has chosen, in the codes that the caller has chosen.
   *
   * @param length elements of the segment
   * @param indices strictly rising from 0 to length; all of them for a dense code
   * @param values one for each index
   */
  public static SegmentUpdate encodeSelected(
      int segment,
      Reference reference,
      int length,
      int[] indices,
      float[] values,
      IndexCode indexCode,
      ValueCode valueCode) {
    requireRising(segment, indices, values.length, length);
    requireDenseIfComplete(segment, indices.length, length, indexCode);
    byte[] index = IndexCodec.of(indexCode).encode(indices, length);
    return update(segment, reference, indexCode, index, valueCode, values);
  }

  private static SegmentUpdate update(
      int segment,
      Reference reference,
      IndexCode indexCode,
      byte[] index,
      ValueCode valueCode,
      float[] values) {
    return new SegmentUpdate(
        segment,
        reference,
        values.length,
        indexCode,
        Bytes.of(index),
        valueCode,
        Bytes.of(ValueCodec.of(valueCode).encode(values)));
  }

  /**
   * The code that takes the fewest bytes: dense for all elements, else the smallest of Rice, varint
   * and bitmap, of equals the first named.
   */
  public static IndexCode smallest(int[] indices, int length) {
    if (indices.length == length) {
      return new IndexCode.Dense();
    }
    RiceIndex rice = RiceIndex.smallest(indices, length);
    long riceSize = rice.size(indices, length);
    long varintSize = new GapVarintIndex().size(indices, length);
    long bitmapSize = new BitmapIndex().size(indices, length);
    if (riceSize <= varintSize && riceSize <= bitmapSize) {
      return new IndexCode.Rice(rice.bits());
    }
    return varintSize <= bitmapSize ? new IndexCode.GapVarint() : new IndexCode.Bitmap();
  }

  private static IndexCode indexCode(
      EncodingSettings settings, int[] indices, int length, long seed) {
    if (indices.length == length) {
      return new IndexCode.Dense();
    }
    return switch (settings.index()) {
      case DENSE -> new IndexCode.Dense();
      case BITMAP -> new IndexCode.Bitmap();
      case GAP_VARINT -> new IndexCode.GapVarint();
      case RICE -> new IndexCode.Rice(RiceIndex.smallest(indices, length).bits());
      case SEEDED -> new IndexCode.Seeded(seed, settings.fraction());
      case SMALLEST -> smallest(indices, length);
    };
  }

  private static ValueCode valueCode(EncodingSettings settings, float[] values) {
    return switch (settings.value()) {
      case F32 -> new ValueCode.F32();
      case F16 -> new ValueCode.F16();
      case BF16 -> new ValueCode.BF16();
      case AFFINE -> {
        AffineValues grid = AffineValues.fit(values, settings.bits());
        yield new ValueCode.Affine(grid.bits(), grid.lo(), grid.step());
      }
    };
  }

  private static int target(int length, double fraction) {
    return (int) Math.max(1, Math.min(length, Math.ceil(length * fraction)));
  }

  private static void requireFinite(int segment, float[] values, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new IllegalArgumentException(
            "segment %d: element %d is %s; such an update would be refused, train with a smaller step"
                .formatted(segment, i - offset, values[i]));
      }
    }
  }

  private static void requireDenseIfComplete(
      int segment, int count, int length, IndexCode indexCode) {
    boolean dense = indexCode instanceof IndexCode.Dense;
    if (dense != (count == length) && !(indexCode instanceof IndexCode.Seeded)) {
      throw new IllegalArgumentException(
          "segment %d: %d of %d elements as %s; the dense code is for all of them and only for all"
              .formatted(segment, count, length, indexCode));
    }
  }

  private static void requireRising(int segment, int[] indices, int values, int length) {
    if (indices.length != values) {
      throw new IllegalArgumentException(
          "segment %d: %d indices for %d values".formatted(segment, indices.length, values));
    }
    int previous = -1;
    for (int index : indices) {
      if (index <= previous || index >= length) {
        throw new IllegalArgumentException(
            "segment %d: index %d after %d; indices rise strictly and end below %d"
                .formatted(segment, index, previous, length));
      }
      previous = index;
    }
  }
}

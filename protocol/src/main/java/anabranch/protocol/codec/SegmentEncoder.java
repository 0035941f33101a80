// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import anabranch.protocol.Bytes;
import anabranch.protocol.codec.EncodingSettings.Index;
import anabranch.protocol.codec.EncodingSettings.Selection;
import anabranch.protocol.codec.EncodingSettings.Value;
import anabranch.protocol.codec.LargestElements.Side;
import anabranch.protocol.model.Segment;

/**
 * Encodes what a client trained, as a plan asks for it. The owner makes one and encodes with it
 * again and again: it has room for any segment (2 MiB), and nothing but what it returns is
 * allocated. Not for use by two threads.
 */
public final class SegmentEncoder {

  private static final byte[] NO_BYTES = new byte[0];
  private static final IndexCode DENSE = new IndexCode.Dense();

  /** What rounding draws from is the first draw of a seed that no subset of a segment takes. */
  private static final int ROUNDING_DRAW = Segment.MAX_LENGTH;

  private final LargestElements largest = new LargestElements();
  private final int[] indices = new int[Segment.MAX_LENGTH];
  private final float[] chosen = new float[Segment.MAX_LENGTH];
  private final int[] codes = new int[Segment.MAX_LENGTH];

  /**
   * Encodes one segment out of a flat vector. A sparse code carries the {@code ceil(length *
   * fraction)} elements of greatest magnitude, or as many of one sign, of equals those of lower
   * index, zeros left out; a seeded one carries those that the seed draws. Where that is every
   * element the update is dense. With the index {@link Index#SMALLEST} and the fraction 1 it is
   * dense too unless it takes fewer bytes to leave out what decodes to 0. The same arguments give
   * the same bytes.
   *
   * @param segment index in the manifest
   * @param values all finite; coefficients, where settings name a transform
   * @param offset first element in {@code values}
   * @param length elements of the segment, 1 to {@link Segment#MAX_LENGTH}
   * @param seed of the subset, for a seeded index, and of stochastic rounding, which draws from
   *     SplitMix64 under draw number 131,072 of this seed: value i of those that are rounded takes
   *     draw i
   * @throws IllegalArgumentException if a value is not finite, or if affine codes cannot span them
   */
  public SegmentUpdate encode(
      int segment,
      float[] values,
      int offset,
      int length,
      Reference reference,
      EncodingSettings settings,
      long seed) {
    if (length < 1 || length > Segment.MAX_LENGTH) {
      throw new IllegalArgumentException("a segment has 1 to 131072 elements, not " + length);
    }
    requireFinite(segment, values, offset, length);
    Parts parts;
    if (settings.index() == Index.DENSE) {
      parts = dense(segment, values, offset, length, settings, seed);
    } else if (settings.group() > 1) {
      return groups(segment, values, offset, length, reference, settings, seed);
    } else if (asksForAll(settings)) {
      parts = all(segment, values, offset, length, settings, seed);
    } else {
      int count = select(values, offset, length, settings, seed);
      IndexCode code = indexCode(settings, count, length, seed);
      parts = listed(segment, values, offset, length, settings, seed, code, count);
    }
    return parts.update(segment, reference);
  }

  private SegmentUpdate groups(
      int segment,
      float[] values,
      int offset,
      int length,
      Reference reference,
      EncodingSettings settings,
      long seed) {
    Groups groups = new Groups(settings.group(), length);
    int all = groups.count();
    int k = settings.listed(all);
    groups.sumMagnitudes(values, offset, chosen);
    int listed = largest.choose(chosen, 0, all, k, Side.BOTH, indices);
    if (listed == all) {
      return dense(segment, values, offset, length, settings, seed).update(segment, reference);
    }
    IndexCode code = indexCode(settings, listed, all, seed);
    byte[] index = IndexCodec.of(code).encode(indices, listed, all);
    int count = groups.expand(indices, listed);
    for (int i = 0; i < count; i++) {
      chosen[i] = values[offset + indices[i]];
    }
    Parts of = dense(segment, chosen, 0, count, settings, seed);
    return new Parts(count, code, index, of.valueCode, of.values)
        .update(segment, reference)
        .grouped(settings.group());
  }

  /** What of an update an encoding decides. */
  private record Parts(
      int count, IndexCode indexCode, byte[] index, ValueCode valueCode, byte[] values) {

    SegmentUpdate update(int segment, Reference reference) {
      return new SegmentUpdate(
          segment, reference, count, indexCode, Bytes.of(index), valueCode, Bytes.of(values));
    }
  }

  /** Whether nothing may be left out but what decodes to 0. */
  private static boolean asksForAll(EncodingSettings settings) {
    return settings.index() == Index.SMALLEST
        && settings.fraction() == 1
        && settings.selection() == Selection.LARGEST;
  }

  private Parts dense(
      int segment, float[] values, int offset, int length, EncodingSettings settings, long seed) {
    if (settings.value() == Value.AFFINE) {
      AffineValues grid = quantize(segment, values, offset, length, settings, seed).codec();
      return new Parts(length, DENSE, NO_BYTES, code(grid), grid.pack(codes, length));
    }
    ValueCode code = floats(settings);
    byte[] bytes = ValueCodec.of(code).encode(values, offset, length);
    return new Parts(length, DENSE, NO_BYTES, code, bytes);
  }

  /** Values of the first {@code count} of {@link #indices}. */
  private Parts listed(
      int segment,
      float[] values,
      int offset,
      int length,
      EncodingSettings settings,
      long seed,
      IndexCode indexCode,
      int count) {
    for (int i = 0; i < count; i++) {
      chosen[i] = values[offset + indices[i]];
    }
    if (settings.unbiased()) {
      divide(segment, count, (float) settings.fraction());
    }
    // A seeded code would draw once more to see whether the indices are its own.
    byte[] index =
        indexCode instanceof IndexCode.Seeded
            ? NO_BYTES
            : IndexCodec.of(indexCode).encode(indices, count, length);
    Parts listed = dense(segment, chosen, 0, count, settings, seed);
    return new Parts(count, indexCode, index, listed.valueCode, listed.values);
  }

  private Parts all(
      int segment, float[] values, int offset, int length, EncodingSettings settings, long seed) {
    if (settings.value() != Value.AFFINE || settings.fit() != EncodingSettings.Fit.SYMMETRIC) {
      int count = largest.choose(values, offset, length, length, Side.BOTH, indices);
      IndexCode code = smallestOfAll(settings, count, length);
      return code == DENSE
          ? dense(segment, values, offset, length, settings, seed)
          : listed(segment, values, offset, length, settings, seed, code, count);
    }
    AffineGrid fitted = quantize(segment, values, offset, length, settings, seed);
    AffineValues grid = fitted.codec();
    int count = listOthers(length, fitted.zero());
    IndexCode code = smallestOfAll(settings, count, length);
    if (code == DENSE) {
      return new Parts(length, DENSE, NO_BYTES, code(grid), grid.pack(codes, length));
    }
    for (int i = 0; i < count; i++) {
      codes[i] = codes[indices[i]];
    }
    byte[] index = IndexCodec.of(code).encode(indices, count, length);
    return new Parts(count, code, index, code(grid), grid.pack(codes, count));
  }

  /** Dense, unless to list some and leave out the others takes fewer bytes. */
  private IndexCode smallestOfAll(EncodingSettings settings, int count, int length) {
    long saved = settings.valueBytes(length) - settings.valueBytes(count);
    // No code takes less than a bit an index.
    if (saved <= Payload.bytesFor(count)) {
      return DENSE;
    }
    IndexCode code = IndexCodec.smallest(indices, count, length);
    return IndexCodec.of(code).size(indices, count, length) < saved ? code : DENSE;
  }

  /** Lists the elements of which {@link #codes} are not {@code zero}, without a branch on each. */
  private int listOthers(int length, int zero) {
    int next = 0;
    for (int i = 0; i < length; i++) {
      int difference = codes[i] - zero;
      indices[next] = i;
      next += (difference | -difference) >>> 31;
    }
    return next;
  }

  private AffineGrid quantize(
      int segment, float[] values, int from, int count, EncodingSettings settings, long seed) {
    AffineGrid grid;
    try {
      grid = AffineGrid.fit(settings.fit(), settings.bits(), values, from, count);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "segment %d: %s; train with a smaller step".formatted(segment, e.getMessage()), e);
    }
    long draws = SplitMix64.longAt(seed, ROUNDING_DRAW);
    grid.encode(settings.rounding(), draws, values, from, count, codes);
    return grid;
  }

  /** Writes what is to be sent to the front of {@link #indices}. */
  private int select(float[] values, int offset, int length, EncodingSettings settings, long seed) {
    if (settings.index() == Index.SEEDED) {
      return new SeededIndex(seed, settings.fraction()).draw(length, indices);
    }
    int k = settings.listed(length);
    return switch (settings.selection()) {
      case LARGEST -> largest.choose(values, offset, length, k, Side.BOTH, indices);
      case LARGEST_OF_ONE_SIGN -> selectOneSign(values, offset, length, k);
    };
  }

  /** The positive ones where both sides have the same mean. */
  private int selectOneSign(float[] values, int offset, int length, int k) {
    int positive = largest.choose(values, offset, length, k, Side.POSITIVE, indices);
    int negative = largest.choose(values, offset, length, k, Side.NEGATIVE, codes);
    double above = mean(values, offset, indices, positive);
    double below = -mean(values, offset, codes, negative);
    if (above >= below) {
      return positive;
    }
    System.arraycopy(codes, 0, indices, 0, negative);
    return negative;
  }

  private static double mean(float[] values, int offset, int[] indices, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += values[offset + indices[i]];
    }
    return count == 0 ? 0 : sum / count;
  }

  private void divide(int segment, int count, float fraction) {
    for (int i = 0; i < count; i++) {
      chosen[i] /= fraction;
      if (!Float.isFinite(chosen[i])) {
        throw new IllegalArgumentException(
            "segment %d: element %d leaves the range of floats where it is divided by the fraction"
                    .formatted(segment, indices[i])
                + " %s; train with a smaller step".formatted(fraction));
      }
    }
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
    return new Parts(
            indices.length,
            indexCode,
            IndexCodec.of(indexCode).encode(indices, indices.length, length),
            valueCode,
            ValueCodec.of(valueCode).encode(values, 0, values.length))
        .update(segment, reference);
  }

  private IndexCode indexCode(EncodingSettings settings, int count, int length, long seed) {
    if (count == length) {
      return DENSE;
    }
    return switch (settings.index()) {
      case DENSE -> DENSE;
      case BITMAP -> new IndexCode.Bitmap();
      case GAP_VARINT -> new IndexCode.GapVarint();
      case RICE -> new IndexCode.Rice(RiceIndex.smallest(indices, count, length).bits());
      case SEEDED -> new IndexCode.Seeded(seed, settings.fraction());
      case SMALLEST -> IndexCodec.smallest(indices, count, length);
    };
  }

  private static ValueCode floats(EncodingSettings settings) {
    return switch (settings.value()) {
      case F32 -> new ValueCode.F32();
      case F16 -> new ValueCode.F16();
      case BF16 -> new ValueCode.BF16();
      case AFFINE -> throw new IllegalArgumentException("affine codes have a grid");
    };
  }

  private static ValueCode code(AffineValues grid) {
    return new ValueCode.Affine(grid.bits(), grid.lo(), grid.step());
  }

  // Bits of what is not finite begin with eight ones behind the sign: one more than those of the
  // greatest float carry into the sign. One loop without a branch asks whether there are any.
  private static void requireFinite(int segment, float[] values, int offset, int length) {
    int carried = 0;
    for (int i = offset; i < offset + length; i++) {
      carried |= (Float.floatToRawIntBits(values[i]) & 0x7fffffff) + 0x00800000;
    }
    for (int i = offset; carried < 0 && i < offset + length; i++) {
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

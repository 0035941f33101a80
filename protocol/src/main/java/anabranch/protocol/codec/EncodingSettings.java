// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import java.io.Serializable;

/**
 * How clients are asked to encode their updates. It travels in the plan; each segment update still
 * says what it is, so a client may choose a smaller index code.
 *
 * @param preset name of the preset, such as {@code dense-f32}
 * @param reference what values are relative to, for parameters (buffers are always {@link
 *     Reference#WEIGHTS})
 * @param index which index code
 * @param value which value code
 * @param bits bits of the affine value code, 0 to 16; ignored by the others
 * @param fraction share of the elements that are sent, in (0, 1]; 1 for dense
 */
public record EncodingSettings(
    String preset, Reference reference, Index index, Value value, int bits, double fraction)
    implements Serializable {

  public EncodingSettings {
    if (!(fraction > 0 && fraction <= 1)) {
      throw new IllegalArgumentException(
          "%s: fraction is %s, allowed is above 0 to 1".formatted(preset, fraction));
    }
    if (value == Value.AFFINE && (bits < 0 || bits > 16)) {
      throw new IllegalArgumentException(
          "%s: %d bits, affine codes have 0 to 16".formatted(preset, bits));
    }
  }

  /** Which index code an encoder uses. */
  public enum Index {
    DENSE,
    BITMAP,
    GAP_VARINT,
    RICE,
    SEEDED,
    /** The smallest of bitmap, varint and Rice by exact size. */
    SMALLEST
  }

  /** Which value code an encoder uses. */
  public enum Value {
    F32,
    F16,
    BF16,
    AFFINE
  }

  /** Every element as float32: 32 bits a parameter. */
  public static final EncodingSettings DENSE_F32 =
      new EncodingSettings("dense-f32", Reference.DELTA, Index.DENSE, Value.F32, 32, 1);

  /**
   * The most payload bytes (index and values) that a segment of n elements takes; an update beyond
   * it is refused, which bounds what the job has to hold.
   */
  public long maxBytes(int n) {
    long count = index == Index.DENSE ? n : Math.min(n, (long) Math.ceil(n * fraction) + 1);
    long valueBits =
        switch (value) {
          case F32 -> 32;
          case F16, BF16 -> 16;
          case AFFINE -> bits;
        };
    // A seeded mask draws its count at random: leave it eight standard deviations.
    if (index == Index.SEEDED) {
      count = Math.min(n, count + (long) Math.ceil(8 * Math.sqrt(n * fraction)));
    }
    long indexBytes =
        switch (index) {
          case DENSE, SEEDED -> 0;
          case BITMAP -> (n + 7L) / 8;
          case GAP_VARINT, RICE, SMALLEST -> Math.max(5 * count, (n + 7L) / 8);
        };
    return indexBytes + (count * valueBits + 7) / 8;
  }
}

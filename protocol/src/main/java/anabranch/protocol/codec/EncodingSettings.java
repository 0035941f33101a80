// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import anabranch.protocol.model.Block;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Segment;
import java.io.Serializable;

/**
 * How an update is to be encoded. It travels in the plan; each segment update still says what it
 * is, so a client may choose a smaller index code. The fields are independent axes: a published
 * method is a combination of them under a preset's name.
 *
 * @param preset name of the preset, such as {@code dense-f32}
 * @param reference what values are relative to, for parameters (buffers are always {@link
 *     Reference#WEIGHTS})
 * @param transform what the values are coefficients of
 * @param rank columns of a low-rank factor, at least 1; 0 for the other transforms
 * @param restricted whether clients train only in directions that the encoding can express: the
 *     elements that a seeded index draws, or the row space of a low-rank transform
 * @param index which index code
 * @param selection which elements an index code other than dense and seeded lists
 * @param fraction share of the elements that are sent, in (0, 1]; 1 for dense
 * @param group elements that are chosen and indexed together, by the sum of their magnitudes; 1 for
 *     each by itself
 * @param allocation how the fraction is divided among the blocks of a model
 * @param unbiased whether values are divided by {@code fraction}, so that a random subset of them
 *     has the whole as its mean
 * @param value which value code
 * @param bits bits of the affine value code, 0 to 16; ignored by the others
 * @param fit which grid affine codes lie on
 * @param rounding how affine codes are rounded
 * @param errorFeedback whether the client adds what an encoding left out to its next update of the
 *     block (Seide et al., INTERSPEECH 2014; Karimireddy et al., arXiv 1901.09847)
 */
public record EncodingSettings(
    String preset,
    Reference reference,
    Transform transform,
    int rank,
    boolean restricted,
    Index index,
    Selection selection,
    double fraction,
    int group,
    Allocation allocation,
    boolean unbiased,
    Value value,
    int bits,
    Fit fit,
    Rounding rounding,
    boolean errorFeedback)
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
    if (value == Value.AFFINE && fit == Fit.MEAN_MAGNITUDE && bits > 1) {
      throw new IllegalArgumentException(
          "%s: %d bits with the fit mean-magnitude, which is one value or a sign and has 0 or 1"
              .formatted(preset, bits));
    }
    if (value == Value.AFFINE && fit == Fit.SYMMETRIC && bits < 2) {
      throw new IllegalArgumentException(
          "%s: %d bits with the fit symmetric, which needs codes below, at and above 0: at least 2"
              .formatted(preset, bits));
    }
    if (group < 1
        || group > Segment.MAX_LENGTH
        || group > 1 && (index == Index.DENSE || index == Index.SEEDED)) {
      throw new IllegalArgumentException(
          "%s: groups of %d with the index %s; 1 to 131072, and more than 1 only where indices are listed"
              .formatted(preset, group, index));
    }
    if (group > 1 && selection != Selection.LARGEST) {
      throw new IllegalArgumentException(
          "%s: groups of %d with the selection %s; groups are chosen by their magnitudes"
              .formatted(preset, group, selection));
    }
    if (transform == Transform.LOW_RANK && rank < 1) {
      throw new IllegalArgumentException(
          "%s: rank is %d, a low-rank transform has at least 1".formatted(preset, rank));
    }
  }

  /** Elements themselves, the largest or drawn by a seed, rounded to the nearest code. */
  public EncodingSettings(
      String preset, Reference reference, Index index, Value value, int bits, double fraction) {
    this(
        preset,
        reference,
        Transform.NONE,
        0,
        false,
        index,
        Selection.LARGEST,
        fraction,
        1,
        Allocation.UNIFORM,
        false,
        value,
        bits,
        Fit.MIN_MAX,
        Rounding.NEAREST,
        false);
  }

  /** What values are coefficients of. */
  public enum Transform {
    NONE,
    /** {@link TransformCode.Rotated} under the round's seed. */
    ROTATION,
    /** {@link TransformCode.LowRankFactor} under the round's seed. */
    LOW_RANK
  }

  /** Which elements are sent. */
  public enum Selection {
    /** Those of greatest magnitude. */
    LARGEST,
    /**
     * The greatest or the least, whichever have the larger mean magnitude: Sparse Binary
     * Compression, Sattler et al., arXiv 1805.08768.
     */
    LARGEST_OF_ONE_SIGN
  }

  /** How many elements of a block are sent. */
  public enum Allocation {
    /** The fraction of each. */
    UNIFORM,
    /**
     * In proportion to the square root of the block's size, in all the fraction of the model: small
     * blocks, such as first convolutions, cost little and matter much.
     */
    SQUARE_ROOT
  }

  /** Where the grid of affine codes lies. */
  public enum Fit {
    /** From the least to the greatest value that is sent. */
    MIN_MAX,
    /**
     * From −μ to μ, the mean magnitude of the values that are sent. With 1 bit that is sign and
     * scale, and no rounding turns a sign; with 0 bits it is the mean alone; there are no more.
     */
    MEAN_MAGNITUDE,
    /** Evenly on both sides of 0, which is a code, to the greatest magnitude; at least 2 bits. */
    SYMMETRIC
  }

  /** Which of the two codes beside a value is taken. */
  public enum Rounding {
    /** The nearer. */
    NEAREST,
    /** One of both at random, so that the mean over draws is the value. */
    STOCHASTIC
  }

  /** Which index code an encoder uses. */
  public enum Index {
    DENSE,
    BITMAP,
    GAP_VARINT,
    RICE,
    SEEDED,
    /**
     * The smallest of bitmap, varint and Rice by exact size. Where the fraction is 1: of that
     * without the zeros, and of dense.
     */
    SMALLEST
  }

  /** Which value code an encoder uses. */
  public enum Value {
    F32,
    F16,
    BF16,
    AFFINE
  }

  /** The same encoding with or without error feedback. */
  public EncodingSettings withErrorFeedback(boolean chosen) {
    return EncodingAxes.of(this).errorFeedback(chosen).build();
  }

  /** The same encoding of one block of a model: with the fraction that is the block's. */
  public EncodingSettings ofBlock(ModelManifest manifest, int block) {
    if (allocation == Allocation.UNIFORM) {
      return this;
    }
    double roots = 0;
    for (Block each : manifest.blocks()) {
      roots += Math.sqrt(each.size());
    }
    double share =
        fraction * manifest.size() / (Math.sqrt(manifest.blocks().get(block).size()) * roots);
    return EncodingAxes.of(this)
        .index(index, Math.min(1, share))
        .allocation(Allocation.UNIFORM)
        .build();
  }

  /** The transform that a round with this seed uses. */
  public TransformCode transformCode(long roundSeed) {
    return switch (transform) {
      case NONE -> new TransformCode.Plain();
      case ROTATION -> new TransformCode.Rotated(roundSeed);
      case LOW_RANK -> new TransformCode.LowRankFactor(roundSeed, rank);
    };
  }

  /** Every element as float32: 32 bits a parameter. */
  public static final EncodingSettings DENSE_F32 =
      new EncodingSettings("dense-f32", Reference.DELTA, Index.DENSE, Value.F32, 32, 1);

  /**
   * The most payload bytes (index and values) that a segment of n coefficients takes; an update
   * beyond it is refused, which bounds what the job has to hold.
   */
  public long maxBytes(int n) {
    // One more than encoders send, for clients whose product rounds otherwise.
    long most = (long) listed((int) ((n + group - 1L) / group)) * group + 1;
    long count = index == Index.DENSE ? n : Math.min(n, most);
    // A seeded mask draws its count at random: leave it eight standard deviations.
    if (index == Index.SEEDED) {
      count = Math.min(n, count + (long) Math.ceil(8 * Math.sqrt(n * fraction)));
    }
    long indexBytes =
        switch (index) {
          case DENSE, SEEDED -> 0;
          case BITMAP, SMALLEST -> (n + 7L) / 8;
          case GAP_VARINT, RICE -> Math.max(5 * count, (n + 7L) / 8);
        };
    return indexBytes + valueBytes(count);
  }

  /**
   * How many an index lists, at most, of n elements or groups: ⌈n · {@code fraction}⌉.
   *
   * @param n at least 1
   * @return 1 to n
   */
  public int listed(int n) {
    return (int) Math.max(1, Math.min(n, Math.ceil(n * fraction)));
  }

  /** Bytes of so many values. */
  long valueBytes(long count) {
    long valueBits =
        switch (value) {
          case F32 -> 32;
          case F16, BF16 -> 16;
          case AFFINE -> bits;
        };
    return Payload.bytesFor(count * valueBits);
  }
}

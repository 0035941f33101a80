// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import anabranch.protocol.codec.EncodingSettings.Fit;
import anabranch.protocol.codec.EncodingSettings.Index;
import anabranch.protocol.codec.EncodingSettings.Rounding;
import anabranch.protocol.codec.EncodingSettings.Selection;
import anabranch.protocol.codec.EncodingSettings.Transform;
import anabranch.protocol.codec.EncodingSettings.Value;

/** Published methods as combinations of the axes, and affine codes of any kind. */
final class Presets {

  private Presets() {}

  /** Sparse Ternary Compression, Sattler et al., arXiv 1903.02891. */
  static EncodingSettings stc(double fraction) {
    return affine(
        "stc",
        Index.SMALLEST,
        Selection.LARGEST,
        fraction,
        1,
        Fit.MEAN_MAGNITUDE,
        Rounding.NEAREST);
  }

  /** Sparse Binary Compression, Sattler et al., arXiv 1805.08768. */
  static EncodingSettings sbc(double fraction) {
    return affine(
        "sbc",
        Index.SMALLEST,
        Selection.LARGEST_OF_ONE_SIGN,
        fraction,
        0,
        Fit.MEAN_MAGNITUDE,
        Rounding.NEAREST);
  }

  /** Alistarh et al., arXiv 1610.02132, with the greatest magnitude in the place of the norm. */
  static EncodingSettings qsgd(int bits) {
    return affine(
        "qsgd", Index.SMALLEST, Selection.LARGEST, 1, bits, Fit.SYMMETRIC, Rounding.STOCHASTIC);
  }

  static EncodingSettings affine(
      String name,
      Index index,
      Selection selection,
      double fraction,
      int bits,
      Fit fit,
      Rounding rounding) {
    return new EncodingSettings(
        name,
        Reference.DELTA,
        Transform.NONE,
        0,
        false,
        index,
        selection,
        fraction,
        false,
        Value.AFFINE,
        bits,
        fit,
        rounding,
        false);
  }

  /** A seeded subset whose values are divided by its share. */
  static EncodingSettings subsample(double fraction, Value value, int bits, Rounding rounding) {
    return new EncodingSettings(
        "subsample",
        Reference.DELTA,
        Transform.NONE,
        0,
        false,
        Index.SEEDED,
        Selection.LARGEST,
        fraction,
        true,
        value,
        bits,
        Fit.MIN_MAX,
        rounding,
        false);
  }
}

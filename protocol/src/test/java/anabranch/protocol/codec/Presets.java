// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import anabranch.protocol.codec.EncodingSettings.Fit;
import anabranch.protocol.codec.EncodingSettings.Index;
import anabranch.protocol.codec.EncodingSettings.Rounding;
import anabranch.protocol.codec.EncodingSettings.Selection;
import anabranch.protocol.codec.EncodingSettings.Value;
import java.util.ArrayList;
import java.util.List;

/** Published methods as combinations of the axes, and all combinations that there are. */
final class Presets {

  private Presets() {}

  /** Sparse Ternary Compression, Sattler et al., arXiv 1903.02891. */
  static EncodingSettings stc(double fraction) {
    return of(Index.SMALLEST, Selection.LARGEST, fraction, false, sign());
  }

  /** Sparse Binary Compression, Sattler et al., arXiv 1805.08768. */
  static EncodingSettings sbc(double fraction) {
    Quantization mean = new Quantization(Value.AFFINE, 0, Fit.MEAN_MAGNITUDE, Rounding.NEAREST);
    return of(Index.SMALLEST, Selection.LARGEST_OF_ONE_SIGN, fraction, false, mean);
  }

  /** Alistarh et al., arXiv 1610.02132, with the greatest magnitude in the place of the norm. */
  static EncodingSettings qsgd(int bits) {
    Quantization levels = new Quantization(Value.AFFINE, bits, Fit.SYMMETRIC, Rounding.STOCHASTIC);
    return of(Index.SMALLEST, Selection.LARGEST, 1, false, levels);
  }

  /** The largest elements. */
  static EncodingSettings topK(double fraction, Quantization values) {
    return of(Index.SMALLEST, Selection.LARGEST, fraction, false, values);
  }

  /** A seeded subset whose values are divided by its share. */
  static EncodingSettings subsample(double fraction, Quantization values) {
    return of(Index.SEEDED, Selection.LARGEST, fraction, true, values);
  }

  static EncodingSettings dense(Quantization values) {
    return of(Index.DENSE, Selection.LARGEST, 1, false, values);
  }

  static Quantization float32() {
    return new Quantization(Value.F32, 32, Fit.MIN_MAX, Rounding.NEAREST);
  }

  static Quantization nearest(int bits) {
    return new Quantization(Value.AFFINE, bits, Fit.MIN_MAX, Rounding.NEAREST);
  }

  /** Probabilistic quantization, Konečný et al., arXiv 1610.05492. */
  static Quantization stochastic(int bits) {
    return new Quantization(Value.AFFINE, bits, Fit.MIN_MAX, Rounding.STOCHASTIC);
  }

  static Quantization sign() {
    return new Quantization(Value.AFFINE, 1, Fit.MEAN_MAGNITUDE, Rounding.NEAREST);
  }

  /** What becomes of a value. */
  record Quantization(Value value, int bits, Fit fit, Rounding rounding) {

    /** Each value code, and each fit that there is with some bits. */
    static List<Quantization> all() {
      List<Quantization> all = new ArrayList<>();
      all.add(float32());
      all.add(new Quantization(Value.F16, 16, Fit.MIN_MAX, Rounding.NEAREST));
      all.add(new Quantization(Value.BF16, 16, Fit.MIN_MAX, Rounding.NEAREST));
      for (Rounding rounding : Rounding.values()) {
        for (int bits : new int[] {0, 1, 2, 3, 4, 7, 8, 9, 13, 16}) {
          for (Fit fit : Fit.values()) {
            boolean exists =
                switch (fit) {
                  case MIN_MAX -> true;
                  case MEAN_MAGNITUDE -> bits < 2;
                  case SYMMETRIC -> bits > 1;
                };
            if (exists) {
              all.add(new Quantization(Value.AFFINE, bits, fit, rounding));
            }
          }
        }
      }
      return all;
    }
  }

  static EncodingSettings of(
      Index index,
      Selection selection,
      double fraction,
      boolean unbiased,
      Quantization quantization) {
    return new EncodingAxes("test")
        .index(index, fraction)
        .selection(selection)
        .unbiased(unbiased)
        .affine(quantization.bits(), quantization.fit(), quantization.rounding())
        .value(quantization.value(), quantization.bits())
        .build();
  }
}

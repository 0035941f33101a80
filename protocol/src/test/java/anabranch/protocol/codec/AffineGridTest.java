// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import anabranch.protocol.Bytes;
import anabranch.protocol.codec.EncodingSettings.Fit;
import anabranch.protocol.codec.EncodingSettings.Rounding;
import org.junit.jupiter.api.Test;

class AffineGridTest {

  private static final float[] VALUES = {.5f, -.25f, .1f, 0, -.5f, .3f, .45f, -.1f};

  private static AffineGrid fit(Fit fit, int bits, float... values) {
    return AffineGrid.fit(fit, bits, values, 0, values.length);
  }

  private static int[] codes(AffineGrid grid, Rounding rounding, long seed, float... values) {
    int[] codes = new int[values.length];
    grid.encode(rounding, seed, values, 0, values.length, codes);
    return codes;
  }

  @Test
  void stochasticCodesComeFromTheDrawsOfTheSeed() {
    AffineGrid oneBit = fit(Fit.MIN_MAX, 1, VALUES);
    int[] codes = codes(oneBit, Rounding.STOCHASTIC, 7, VALUES);
    assertThat(codes).containsExactly(1, 1, 0, 0, 0, 1, 1, 1);
    assertThat(Bytes.of(oneBit.codec().pack(codes, 8)).toHex()).isEqualTo("e3");

    AffineGrid twoBits = fit(Fit.MIN_MAX, 2, VALUES);
    codes = codes(twoBits, Rounding.STOCHASTIC, 7, VALUES);
    assertThat(codes).containsExactly(3, 1, 1, 1, 0, 3, 3, 1);
    assertThat(Bytes.of(twoBits.codec().pack(codes, 8)).toHex()).isEqualTo("577c");
  }

  /** A value on a code stays there whatever is drawn. */
  @Test
  void stochasticRoundingLeavesCodesAlone() {
    AffineGrid grid = AffineGrid.of(new AffineValues(3, -.875f, .25f));
    for (long seed = 0; seed < 200; seed++) {
      assertThat(codes(grid, Rounding.STOCHASTIC, seed, .375f, -.875f, .875f))
          .containsExactly(5, 0, 7);
    }
  }

  @Test
  void aSignIsTheSignOfTheValueHoweverSmall() {
    float[] values = {Float.MIN_VALUE, -Float.MIN_VALUE, 0, -0f, 3, -1, 1e-30f, -1e-30f};
    AffineGrid grid = fit(Fit.MEAN_MAGNITUDE, 1, values);
    assertThat(grid.codec()).isEqualTo(new AffineValues(1, -.5f, 1));
    for (Rounding rounding : Rounding.values()) {
      assertThat(codes(grid, rounding, 1, values)).containsExactly(1, 0, 1, 1, 1, 0, 1, 0);
    }
  }

  @Test
  void zeroStaysZeroOnASymmetricGrid() throws MalformedUpdateException {
    for (int bits = 2; bits <= 16; bits++) {
      for (float greatest : new float[] {1, 1 / 3f, .1f, 7e-39f, Float.MIN_VALUE, 3e37f, 0}) {
        float[] values = {greatest, 0, -greatest, -0f};
        AffineGrid grid = fit(Fit.SYMMETRIC, bits, values);
        for (long seed = 0; seed < 50; seed++) {
          int[] codes = codes(grid, Rounding.STOCHASTIC, seed, values);
          float[] decoded = new float[4];
          grid.codec().decode(Bytes.of(grid.codec().pack(codes, 4)), 4, decoded);
          assertThat(codes[1]).isEqualTo(grid.zero()).isEqualTo((1 << bits - 1) - 1);
          assertThat(decoded[1]).isZero();
          assertThat(decoded[3]).isZero();
          assertThat(decoded[0]).isEqualTo(-decoded[2]).isBetween(0f, greatest);
        }
      }
    }
  }

  /** What an 8-bit zero point makes of values, as a library of others computes it. */
  @Test
  void zeroPointsAreAffineCodes() {
    float scale = .008235294211f;
    AffineGrid grid = AffineGrid.of(new AffineValues(8, (-128 - 17) * scale, scale));
    assertThat(codes(grid, Rounding.NEAREST, 0, .9f, -.1f, .05f, -1.2f, 0, .3f))
        .containsExactly(126 + 128, 5 + 128, 23 + 128, 0, 17 + 128, 53 + 128);
  }

  @Test
  void aGridThatLeavesTheFloatsIsRefused() {
    for (Fit fit : Fit.values()) {
      int bits = fit == Fit.MEAN_MAGNITUDE ? 1 : 2;
      assertThatThrownBy(() -> fit(fit, bits, Float.MAX_VALUE, -Float.MAX_VALUE))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("too far apart");
    }
  }

  @Test
  void packsWhatAWriterOfSingleBitsWrites() {
    for (int bits = 0; bits <= 16; bits++) {
      for (int count : new int[] {0, 1, 2, 7, 8, 9, 15, 16, 17, 63, 100}) {
        int[] codes = new int[count];
        BitString expected = new BitString();
        for (int i = 0; i < count; i++) {
          codes[i] = (int) (SplitMix64.longAt(bits, i) >>> 32) & (1 << bits) - 1;
          expected.append(codes[i], bits);
        }
        assertThat(Bytes.of(new AffineValues(bits, 0, 1).pack(codes, count)))
            .isEqualTo(expected.paddedWith(false));
      }
    }
  }
}

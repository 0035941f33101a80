// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import anabranch.protocol.Bytes;
import anabranch.protocol.codec.EncodingSettings.Fit;
import org.junit.jupiter.api.Test;

class AffineValuesTest extends SegmentCodecContract {

  @Override
  ValueCode valueCode(float[] values) {
    AffineValues grid = fit(values, random.nextInt(1, 17));
    return new ValueCode.Affine(grid.bits(), grid.lo(), grid.step());
  }

  private static AffineValues fit(float[] values, int bits) {
    return AffineGrid.fit(Fit.MIN_MAX, bits, values, 0, values.length).codec();
  }

  @Override
  double errorBound(float value, ValueCode code) {
    ValueCode.Affine grid = (ValueCode.Affine) code;
    double range = ((1 << grid.bits()) - 1) * (double) grid.step();
    double roundings = 4 * Math.ulp((float) (Math.abs(grid.lo()) + range));
    return grid.step() / 2.0 + roundings;
  }

  @Test
  void decodesWhatAReaderOfSingleBitsReads() throws MalformedUpdateException {
    for (int bits = 0; bits <= 16; bits++) {
      for (int count : new int[] {1, 2, 3, 7, 8, 9, 100}) {
        byte[] array = new byte[(count * bits + 7) / 8];
        random.nextBytes(array);
        if (count * bits % 8 != 0) {
          array[array.length - 1] &= (byte) ((1 << count * bits % 8) - 1);
        }
        float lo = (float) random.nextDouble(-1, 1);
        float step = (float) random.nextDouble();
        float[] values = new float[count];
        new AffineValues(bits, lo, step).decode(Bytes.of(array), count, values);
        BitString codes = BitString.of(Bytes.of(array));
        for (float value : values) {
          float product = (float) codes.next(bits) * step;
          assertThat(value).isEqualTo(lo + product);
        }
      }
    }
  }

  @Test
  void nearestCodesOfTwoBits() {
    float[] values = {.5f, -.25f, .1f, 0, -.5f, .3f, .45f, -.1f};
    AffineValues grid = fit(values, 2);
    assertThat(grid).isEqualTo(new AffineValues(2, -.5f, 0.33333334f));
    assertThat(Bytes.of(grid.encode(values, 0, values.length)).toHex()).isEqualTo("a778");
  }

  @Test
  void nearestCodesOfFourBits() {
    float[] values = {
      -.318198052f,
      0,
      -.777817459f,
      -.318198052f,
      -.141421356f,
      -.106066017f,
      .176776695f,
      .070710678f
    };
    AffineValues grid = fit(values, 4);
    assertThat(
            Bytes.of(new Float32Values().encode(new float[] {grid.lo(), grid.step()}, 0, 2))
                .toHex())
        .isEqualTo("0c1f47bf" + "7c55823d");
    assertThat(Bytes.of(grid.encode(values, 0, values.length)).toHex()).isEqualTo("c770badf");
  }

  @Test
  void nothingDecodesOutsideTheRangeOfTheValues() throws MalformedUpdateException {
    for (int round = 0; round < 20_000; round++) {
      float[] values = values(2 + random.nextInt(3));
      float least = Float.POSITIVE_INFINITY;
      float greatest = Float.NEGATIVE_INFINITY;
      for (float value : values) {
        least = Math.min(least, value);
        greatest = Math.max(greatest, value);
      }
      AffineValues grid = fit(values, random.nextInt(17));
      grid.decode(Bytes.of(grid.encode(values, 0, values.length)), values.length, values);
      for (float value : values) {
        assertThat(value).isBetween(least, greatest);
      }
    }
  }

  @Test
  void equalValuesHaveStepZeroAndComeBackExactly() throws MalformedUpdateException {
    for (int bits = 0; bits <= 16; bits++) {
      float[] values = {.1f, .1f, .1f};
      AffineValues grid = fit(values, bits);
      assertThat(grid).isEqualTo(new AffineValues(bits, .1f, 0));
      float[] decoded = new float[3];
      grid.decode(Bytes.of(grid.encode(values, 0, values.length)), 3, decoded);
      assertThat(decoded).isEqualTo(values);
    }
  }

  @Test
  void noBitsStandForTheMean() {
    AffineValues grid = fit(new float[] {1, 2, 6}, 0);
    assertThat(grid).isEqualTo(new AffineValues(0, 3, 0));
    assertThat(grid.encode(new float[] {1, 2, 6}, 0, 3)).isEmpty();
  }

  @Test
  void aRangeThatIsNoFloatCannotBeSpanned() {
    float[] values = {-Float.MAX_VALUE, Float.MAX_VALUE};
    assertThatThrownBy(() -> fit(values, 8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("too far apart");
  }
}

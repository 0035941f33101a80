// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import anabranch.protocol.codec.EncodingSettings.Rounding;
import anabranch.protocol.codec.EncodingSettings.Value;
import anabranch.protocol.codec.Presets.Quantization;
import anabranch.protocol.model.Segment;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How far what is sent lies from what was encoded. */
class EncodingErrorTest {

  /** What becomes of the squares of a segment where its mean is rounded to a denormal float. */
  private static final double LEAST_SQUARES =
      600.0 * Float.MIN_VALUE * Float.MIN_VALUE * Segment.MAX_LENGTH;

  private static final double[] FRACTIONS = {1e-4, .01, .1, .5, 1};

  private final SegmentEncoder encoder = new SegmentEncoder();
  private final DecodedSegment decoded = new DecodedSegment();

  private float[] roundTrip(float[] values, EncodingSettings settings) {
    SegmentUpdate update =
        encoder.encode(0, values, 0, values.length, Reference.DELTA, settings, 3);
    return Inputs.dense(update, values.length, decoded);
  }

  /** |x − C(x)|² ≤ (1 − k/n)·|x|², which error feedback needs (Stich et al., arXiv 1809.07599). */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 100, 5000, Segment.MAX_LENGTH})
  void theLargestElementsContract(int length) {
    for (Map.Entry<String, float[]> input : Inputs.ofLength(length).entrySet()) {
      for (double fraction : FRACTIONS) {
        float[] x = input.getValue();
        double k = Math.max(1, Math.ceil(fraction * length));
        float[] said = roundTrip(x, Presets.topK(fraction, Presets.float32()));
        assertThat(Inputs.squaredDistance(x, said))
            .as("%s, %s", input.getKey(), fraction)
            .isLessThanOrEqualTo((1 - k / length) * Inputs.squares(x) * (1 + 1e-12));
      }
    }
  }

  /** Of C(x) = μ·sign on the k largest: |x − C(x)|² = |x|² − k·μ². */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 100, 5000, Segment.MAX_LENGTH})
  void ternaryCompressionTakesItsSquareAway(int length) {
    for (Map.Entry<String, float[]> input : Inputs.ofLength(length).entrySet()) {
      for (double fraction : FRACTIONS) {
        float[] x = input.getValue();
        float[] said = roundTrip(x, Presets.stc(fraction));
        double whole = Inputs.squares(x);
        assertThat(Inputs.squaredDistance(x, said))
            .as("%s, %s", input.getKey(), fraction)
            .isCloseTo(whole - Inputs.squares(said), within(1e-6 * whole + LEAST_SQUARES));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 100, 5000})
  void affineCodesStayWithinTheirSteps(int length) {
    for (Map.Entry<String, float[]> input : Inputs.ofLength(length).entrySet()) {
      for (Quantization quantization : Quantization.all()) {
        boolean even = quantization.fit() != EncodingSettings.Fit.MEAN_MAGNITUDE;
        if (quantization.value() == Value.AFFINE && quantization.bits() > 0 && even) {
          demandWithinSteps(input.getKey(), input.getValue(), quantization);
        }
      }
    }
  }

  private void demandWithinSteps(String name, float[] x, Quantization quantization) {
    SegmentUpdate update =
        encoder.encode(0, x, 0, x.length, Reference.DELTA, Presets.dense(quantization), 3);
    ValueCode.Affine grid = (ValueCode.Affine) update.valueCode();
    float[] said = Inputs.dense(update, x.length, decoded);
    double steps = quantization.rounding() == Rounding.NEAREST ? 0.5 : 1;
    double levels = (1 << grid.bits()) - 1;
    // A step is a float, whose rounding counts as often as there are steps; so do lo and the sum.
    double end = Math.abs((double) grid.lo()) + levels * grid.step();
    double roundings = 4 * Math.ulp((float) end) + levels * Float.MIN_VALUE;
    for (int i = 0; i < x.length; i++) {
      assertThat(Math.abs((double) x[i] - said[i]))
          .as("%s, %s, element %d: %s became %s", name, quantization, i, x[i], said[i])
          .isLessThanOrEqualTo(steps * grid.step() + roundings);
    }
  }

  /** 0 bits are one value for all: that of least squares. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 100, 5000})
  void oneValueForAllIsTheMean(int length) {
    for (float[] x : Inputs.ofLength(length).values()) {
      double sum = 0;
      for (float value : x) {
        sum += value;
      }
      float mean = (float) (sum / length);
      assertThat(roundTrip(x, Presets.dense(Presets.nearest(0)))).containsOnly(mean);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Value.class,
      names = {"F16", "BF16"})
  void halvesStayWithinTheirPrecision(Value value) {
    double relative = value == Value.F16 ? 0x1.0p-11 : 0x1.0p-8;
    double absolute = value == Value.F16 ? 0x1.0p-25 : Float.MIN_NORMAL * 0x1.0p-8;
    Quantization halves = new Quantization(value, 16, Presets.float32().fit(), Rounding.NEAREST);
    for (Map.Entry<String, float[]> input : Inputs.ofLength(5000).entrySet()) {
      float[] x = input.getValue();
      float[] said = roundTrip(x, Presets.dense(halves));
      for (int i = 0; i < x.length; i++) {
        double expected = value == Value.F16 ? Math.max(-65504, Math.min(65504, x[i])) : x[i];
        assertThat((double) said[i])
            .as(input.getKey())
            .isCloseTo(expected, within(Math.max(absolute, relative * Math.abs(expected))));
      }
    }
  }
}

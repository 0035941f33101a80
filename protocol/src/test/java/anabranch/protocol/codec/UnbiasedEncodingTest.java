// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.protocol.codec.Presets.Quantization;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The mean over what may be drawn is what was encoded. */
class UnbiasedEncodingTest {

  private static final int SEEDS = 4000;

  private final SegmentEncoder encoder = new SegmentEncoder();
  private final DecodedSegment decoded = new DecodedSegment();

  static Stream<Named<EncodingSettings>> unbiased() {
    return Stream.of(
        Named.of("subsample 25 %", Presets.subsample(.25, Presets.float32())),
        Named.of("1 bit", Presets.dense(Presets.stochastic(1))),
        Named.of("2 bits", Presets.dense(Presets.stochastic(2))),
        Named.of("4 bits", Presets.dense(Presets.stochastic(4))),
        Named.of("8 bits", Presets.dense(Presets.stochastic(8))),
        Named.of("subsample 25 %, 2 bits", Presets.subsample(.25, Presets.stochastic(2))),
        Named.of("subsample 50 %, 1 bit", Presets.subsample(.5, Presets.stochastic(1))),
        Named.of("qsgd 2 bits", Presets.qsgd(2)),
        Named.of("qsgd 4 bits", Presets.qsgd(4)));
  }

  @ParameterizedTest
  @MethodSource("unbiased")
  void theMeanIsTheValue(EncodingSettings settings) {
    for (int length : new int[] {1, 2, 50, 200}) {
      demandUnbiased(settings, new Identity(length));
    }
  }

  @ParameterizedTest
  @MethodSource("unbiased")
  void theMeanOfARotationIsTheValue(EncodingSettings settings) {
    for (int length : new int[] {1, 50, 200}) {
      demandUnbiased(settings, new Rotation(11, length));
    }
  }

  /** What draws the subset must not round: a drawn element would be rounded up. */
  @Test
  void theSubsetAndTheRoundingShareNoDraw() {
    Quantization oneBit = Presets.stochastic(1);
    int[] ups = new int[2];
    for (int seed = 0; seed < SEEDS; seed++) {
      float[] values = {0, 1, .5f, .5f, .5f, .5f, .5f, .5f};
      SegmentUpdate update =
          encoder.encode(0, values, 0, 8, Reference.DELTA, Presets.subsample(.6, oneBit), seed);
      float[] said = Inputs.dense(update, 8, decoded);
      boolean endsCame = decoded.count() > 2 && decoded.indices()[0] == 0;
      if (endsCame && decoded.indices()[1] == 1) {
        for (int i = 2; i < decoded.count(); i++) {
          ups[said[decoded.indices()[i]] > 0 ? 1 : 0]++;
        }
      }
    }
    double all = ups[0] + ups[1];
    assertThat(Math.abs(ups[1] / all - .5)).isLessThan(5 * Math.sqrt(.25 / all));
  }

  private void demandUnbiased(EncodingSettings settings, SegmentTransform transform) {
    int length = transform.coefficients();
    float[] values = new float[length];
    SplittableRandom random = new SplittableRandom(length);
    for (int i = 0; i < length; i++) {
      values[i] = (float) Math.pow(random.nextDouble(-1, 1), 3);
    }
    float[] coefficients = new float[length];
    transform.forward(values, coefficients);
    double[] sums = new double[length];
    double[] squares = new double[length];
    double[] said = new double[length];
    double largestError = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      SegmentUpdate update =
          encoder.encode(0, coefficients, 0, length, Reference.DELTA, settings, 1000L + seed);
      float[] dense = Inputs.dense(update, length, decoded);
      for (int i = 0; i < length; i++) {
        said[i] = dense[i];
      }
      transform.inverse(said, said);
      for (int i = 0; i < length; i++) {
        sums[i] += said[i];
        squares[i] += said[i] * said[i];
        largestError = Math.max(largestError, Math.abs(said[i] - values[i]));
      }
    }
    for (int i = 0; i < length; i++) {
      double mean = sums[i] / SEEDS;
      // What happens less than once in so many seeds may not have happened: count it once more.
      double variance =
          Math.max(0, squares[i] / SEEDS - mean * mean) + largestError * largestError / SEEDS;
      double standardError = Math.sqrt(variance / SEEDS);
      assertThat(Math.abs(mean - values[i]))
          .as("element %d of %d, mean %s of %s", i, length, mean, values[i])
          .isLessThanOrEqualTo(5 * standardError + 1e-6);
    }
  }
}

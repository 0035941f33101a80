// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.job.encoding.EncodingPreset;
import anabranch.job.encoding.EncodingPresets;
import anabranch.protocol.codec.DecodedSegment;
import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.codec.EncodingSettings.Transform;
import anabranch.protocol.codec.Reference;
import anabranch.protocol.codec.SegmentDecoder;
import anabranch.protocol.codec.SegmentEncoder;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Error feedback keeps a bounded residual where an encoding contracts: what it leaves out has, in
 * the mean, a smaller norm than what there was (Stich et al., arXiv 1809.07599, definition 2.1).
 * Whatever the configuration lets be fed back does.
 */
class ErrorFeedbackContractionTest {

  private static final int LENGTH = 20_000;
  private static final int DRAWS = 5;

  static Stream<String> presets() {
    return Stream.of(
            EncodingPresets.all().stream().map(EncodingPreset::example),
            IntStream.rangeClosed(1, 16).mapToObj("probabilistic(%d, plain)"::formatted),
            IntStream.rangeClosed(1, 16).mapToObj("probabilistic(%d, rotated)"::formatted),
            IntStream.rangeClosed(2, 16).mapToObj("qsgd(%d)"::formatted))
        .flatMap(each -> each)
        .distinct()
        .filter(preset -> fedBackByClients(preset) || fedBackByTheJob(preset));
  }

  private static boolean fedBackByClients(String preset) {
    return isSound("encoding.preset=" + preset, "encoding.error-feedback=true");
  }

  private static boolean fedBackByTheJob(String preset) {
    return isSound("downlink.preset=" + preset) && !EncodingPresets.parse(preset).unbiased();
  }

  private static boolean isSound(String... settings) {
    try {
      Configurations.with(settings);
      return true;
    } catch (ConfigException e) {
      return false;
    }
  }

  @ParameterizedTest
  @MethodSource("presets")
  void whatIsFedBackIsLessThanThereWas(String preset) throws Exception {
    EncodingSettings settings = EncodingPresets.parse(preset);
    // Low-rank coefficients are encoded as they are, and rotated ones are nearly normal.
    boolean transformed = settings.transform() != Transform.NONE;

    assertThat(leftOut(settings, 1)).isLessThan(1);
    if (!transformed) {
      assertThat(leftOut(settings, 3)).as("with large values among small ones").isLessThan(1);
    }
  }

  /** Squared norm of what is left out over that of what there was: powers of normal values. */
  private static double leftOut(EncodingSettings settings, int power) throws Exception {
    SegmentEncoder encoder = new SegmentEncoder();
    DecodedSegment decoded = new DecodedSegment();
    double all = 0;
    double left = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
      SplittableRandom random = new SplittableRandom(draw);
      float[] values = new float[LENGTH];
      for (int i = 0; i < LENGTH; i++) {
        values[i] = (float) Math.pow(random.nextGaussian(), power);
        all += (double) values[i] * values[i];
      }
      SegmentDecoder.decode(
          encoder.encode(0, values, 0, LENGTH, Reference.DELTA, settings, draw),
          LENGTH,
          SegmentDecoder.EVERY_FINITE,
          decoded);
      for (int i = 0; i < decoded.count(); i++) {
        values[decoded.dense() ? i : decoded.indices()[i]] -= decoded.values()[i];
      }
      for (float value : values) {
        left += (double) value * value;
      }
    }
    return left / all;
  }
}

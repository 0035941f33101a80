// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.aggregation;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.protocol.codec.DecodedSegment;
import anabranch.protocol.codec.EncodingAxes;
import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.codec.EncodingSettings.Index;
import anabranch.protocol.codec.EncodingSettings.Value;
import anabranch.protocol.codec.MalformedUpdateException;
import anabranch.protocol.codec.Reference;
import anabranch.protocol.codec.SegmentDecoder;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.codec.ValueCode;
import anabranch.udf.aggregation.DownlinkEncoder.Step;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DownlinkEncoderTest {

  private static final EncodingSettings TOP_QUARTER = topK(0.25);

  /** The mean of the updates of two clients of STC, arXiv 1903.02891: no residual yet. */
  private static final float[] MEAN = {
    .5f, .375f, 0, -.875f, 0, 0, 0, .375f, 0, -.5f, 0, 0, 0, 0, .125f, 0
  };

  private final DownlinkEncoder encoder = new DownlinkEncoder(new DecodedSegment());

  /** Golden values of an independent implementation: of the two .375 the lower index is sent. */
  @Test
  void ternaryCodeSendsPositionsSignsAndTheMeanMagnitudeAndOwesTheRest() {
    Step step = encoder.encode(3, 1, new float[16], MEAN, ternary(0.25));

    assertThat(step.values())
        .containsExactly(.5625f, .5625f, 0, -.5625f, 0, 0, 0, 0, 0, -.5625f, 0, 0, 0, 0, 0, 0);
    assertThat(step.residual())
        .containsExactly(
            -.0625f, -.1875f, 0, -.3125f, 0, 0, 0, .375f, 0, .0625f, 0, 0, 0, 0, .125f, 0);
    assertThat(step.update().count()).isEqualTo(4);
    assertThat(step.update().values().length()).as("four signs").isEqualTo(1);
    assertThat(step.update().valueCode()).isInstanceOf(ValueCode.Affine.class);
  }

  @Test
  void largestChangesAreSentAsTheyAreAndTheOthersAreOwed() {
    float[] published = filled(1);
    Step step = encoder.encode(3, 1, published, MEAN, TOP_QUARTER);

    assertThat(step.values())
        .containsExactly(1.5f, 1.375f, 1, .125f, 1, 1, 1, 1, 1, .5f, 1, 1, 1, 1, 1, 1);
    assertThat(step.residual())
        .containsExactly(0, 0, 0, 0, 0, 0, 0, .375f, 0, 0, 0, 0, 0, 0, .125f, 0);
    assertThat(published).as("is not changed").isEqualTo(filled(1));
  }

  @Test
  void whatIsOwedIsSentOnceNothingLargerComes() {
    float[] published = new float[16];
    float[] residual = null;
    for (int version = 1; version <= 2; version++) {
      float[] change = version == 1 ? MEAN : residual;
      Step step = encoder.encode(3, version, published, change, TOP_QUARTER);
      published = step.values();
      residual = step.residual();
    }
    assertThat(published).isEqualTo(MEAN);
    assertThat(residual).as("nothing is owed").isNull();
  }

  /** What every client does with the same bytes. */
  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.25, 1})
  void whoDecodesAndAddsHoldsThePublishedValuesToTheBit(double fraction) throws Exception {
    SplittableRandom random = new SplittableRandom(31);
    float[] client = random(random, 5_000, 1);
    float[] published = client.clone();
    float[] residual = null;
    for (int version = 1; version <= 5; version++) {
      float[] change = random(random, 5_000, 1e-2);
      for (int i = 0; residual != null && i < change.length; i++) {
        change[i] += residual[i];
      }
      Step step = encoder.encode(3, version, published, change, topK(fraction));
      published = step.values();
      residual = step.residual();

      apply(step.update(), client);
      assertThat(client).isEqualTo(published);
    }
  }

  @Test
  void nothingIsLostButRoundings() {
    SplittableRandom random = new SplittableRandom(32);
    float[] published = new float[1_000];
    float[] residual = new float[1_000];
    double[] exact = new double[1_000];
    for (int version = 1; version <= 50; version++) {
      float[] mean = random(random, 1_000, 1);
      float[] change = new float[1_000];
      for (int i = 0; i < change.length; i++) {
        exact[i] += mean[i];
        change[i] = mean[i] + residual[i];
      }
      Step step = encoder.encode(3, version, published, change, ternary(0.05));
      published = step.values();
      residual = step.residual();
    }
    for (int i = 0; i < exact.length; i++) {
      assertThat((double) published[i] + residual[i]).isCloseTo(exact[i], within());
    }
  }

  @Test
  void equalArgumentsGiveEqualBitsAndARandomCodeDependsOnTheVersionAndTheSegment() {
    EncodingSettings seeded =
        new EncodingSettings("random-k", Reference.DELTA, Index.SEEDED, Value.F32, 32, 0.25);
    SegmentUpdate update = encoder.encode(3, 1, new float[16], MEAN, seeded).update();

    assertThat(
            new DownlinkEncoder(new DecodedSegment())
                .encode(3, 1, new float[16], MEAN, seeded)
                .update())
        .isEqualTo(update);
    assertThat(encoder.encode(3, 2, new float[16], MEAN, seeded).update().indexCode())
        .isNotEqualTo(update.indexCode());
    assertThat(encoder.encode(4, 1, new float[16], MEAN, seeded).update().indexCode())
        .isNotEqualTo(update.indexCode());
  }

  @Test
  void modelThatDivergesTravelsByItsValuesAndStaysFinite() {
    float[] greatest = filled(Float.MAX_VALUE);

    Step beyond = encoder.encode(3, 1, greatest, filled(0x1p65f), TOP_QUARTER);
    Step within = encoder.encode(3, 1, greatest, filled(0x1p64f), TOP_QUARTER);

    assertThat(beyond.update().reference()).isEqualTo(Reference.WEIGHTS);
    assertThat(beyond.values()).containsOnly(Float.MAX_VALUE);
    assertThat(beyond.residual()).isNull();
    assertThat(within.update().reference()).isEqualTo(Reference.DELTA);
    assertThat(within.values()).containsOnly(Float.MAX_VALUE);
  }

  @Test
  void unbiasedCodeOwesNothing() {
    EncodingSettings unbiased =
        new EncodingAxes("subsample").index(Index.SEEDED, 0.25).unbiased(true).build();

    assertThat(encoder.encode(3, 1, new float[16], MEAN, unbiased).residual()).isNull();
  }

  private static void apply(SegmentUpdate update, float[] values) throws MalformedUpdateException {
    DecodedSegment decoded = new DecodedSegment();
    SegmentDecoder.decode(update, values.length, SegmentDecoder.EVERY_FINITE, decoded);
    decoded.applyTo(update.reference(), values, 0);
  }

  private static Offset<Double> within() {
    return Offset.offset(1e-4);
  }

  private static float[] random(SplittableRandom random, int length, double scale) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) ((random.nextDouble() - 0.5) * scale);
    }
    return values;
  }

  private static float[] filled(float value) {
    float[] values = new float[16];
    Arrays.fill(values, value);
    return values;
  }

  private static EncodingSettings topK(double fraction) {
    return new EncodingSettings("top-k", Reference.DELTA, Index.SMALLEST, Value.F32, 32, fraction);
  }

  private static EncodingSettings ternary(double fraction) {
    return new EncodingAxes("stc")
        .index(Index.SMALLEST, fraction)
        .affine(1, EncodingSettings.Fit.MEAN_MAGNITUDE, EncodingSettings.Rounding.NEAREST)
        .errorFeedback(true)
        .build();
  }
}

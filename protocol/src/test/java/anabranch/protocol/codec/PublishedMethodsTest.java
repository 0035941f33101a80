// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import static anabranch.protocol.codec.CodecVectors.floats;
import static anabranch.protocol.codec.Updates.decode;
import static anabranch.protocol.codec.Updates.hex;
import static org.assertj.core.api.Assertions.assertThat;

import anabranch.protocol.codec.EncodingSettings.Fit;
import anabranch.protocol.codec.EncodingSettings.Rounding;
import anabranch.protocol.codec.EncodingSettings.Value;
import anabranch.protocol.codec.Presets.Quantization;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;

/** Methods from papers, on a vector of 16 elements of which each sends four. */
class PublishedMethodsTest {

  private static final float[] X = {
    .9f, -.1f, .05f, -1.2f, 0, .3f, -.02f, .7f, .15f, -.8f, .01f, .25f, -.4f, .06f, 1.1f, -.33f
  };

  private static final double QUARTER = .25;

  private final SegmentEncoder encoder = new SegmentEncoder();
  private final DecodedSegment decoded = new DecodedSegment();

  private SegmentUpdate encode(float[] values, EncodingSettings settings) {
    return encoder.encode(0, values, 0, values.length, Reference.DELTA, settings, 1);
  }

  @Test
  void sparseBinaryCompressionSendsOnePositionsOfOneSignAndTheirMean() throws Exception {
    SegmentUpdate update = encode(X, Presets.sbc(QUARTER));

    assertThat(decode(update, 16).indices()).containsExactly(0, 5, 7, 14);
    assertThat(update.index()).isEqualTo(hex("8ce7"));
    assertThat(update.valueCode()).isEqualTo(new ValueCode.Affine(0, .75f, 0));
    assertThat(update.values().length()).isZero();
  }

  @Test
  void sparseBinaryCompressionTakesTheSideOfTheLargerMean() throws Exception {
    float[] negated = new float[16];
    for (int i = 0; i < 16; i++) {
      negated[i] = -X[i];
    }
    SegmentUpdate update = encode(negated, Presets.sbc(QUARTER));
    assertThat(decode(update, 16).indices()).containsExactly(0, 5, 7, 14);
    assertThat(update.valueCode()).isEqualTo(new ValueCode.Affine(0, -.75f, 0));

    float[] balanced = {1, -1, 2, -2};
    assertThat(decode(encode(balanced, Presets.sbc(.5)), 4).indices()).containsExactly(0, 2);
    float[] oneNegative = {1, 1, -3, 0};
    assertThat(decode(encode(oneNegative, Presets.sbc(.5)), 4).indices()).containsExactly(2);
    assertThat(encode(new float[4], Presets.sbc(.5)).count()).isZero();
  }

  @Test
  void theLargestElementsTravelAsHalvesOrBytes() throws Exception {
    Quantization halves = new Quantization(Value.F16, 16, Fit.MIN_MAX, Rounding.NEAREST);
    SegmentUpdate asHalves = encode(X, Presets.topK(QUARTER, halves));
    assertThat(decode(asHalves, 16).indices()).containsExactly(0, 3, 9, 14);
    assertThat(asHalves.values()).isEqualTo(hex("333b" + "cdbc" + "66ba" + "663c"));

    SegmentUpdate asBytes = encode(X, Presets.topK(QUARTER, Presets.nearest(8)));
    assertThat(asBytes.index()).isEqualTo(hex("64e7"));
    assertThat(asBytes.valueCode())
        .isEqualTo(new ValueCode.Affine(8, -1.2000000476837158f, .009019607678055763f));
    assertThat(asBytes.values()).isEqualTo(hex("e9002cff"));
  }

  /** What the first round leaves out comes with the second. */
  @Test
  void ternaryCompressionWithErrorFeedbackMakesTheRoundsOfTheVectors() {
    List<JsonNode> rounds = CodecVectors.ofKind("stc").map(Named::getPayload).toList();
    float[] x = floats(rounds.get(0).get("x"));
    for (JsonNode round : rounds) {
      assertThat(x).isEqualTo(floats(round.get("x")));
      float[] residual = residual(x, Presets.stc(QUARTER));
      assertThat(residual).isEqualTo(floats(round.get("residual")));
      for (int i = 0; i < x.length; i++) {
        x[i] = residual[i] + .1f;
      }
    }
  }

  /** The mean of two clients' rounds, compressed once more by the server. */
  @Test
  void ternaryCompressionOfAMeanKeepsTheRest() throws Exception {
    float[] mean = {.5f, .375f, 0, -.875f, 0, 0, 0, .375f, 0, -.5f, 0, 0, 0, 0, .125f, 0};

    SegmentUpdate update = encode(mean, Presets.stc(QUARTER));

    assertThat(decode(update, 16).indices()).containsExactly(0, 1, 3, 9);
    assertThat(update.valueCode()).isEqualTo(new ValueCode.Affine(1, -.5625f, 1.125f));
    assertThat(residual(mean, Presets.stc(QUARTER)))
        .containsExactly(
            -.0625f, -.1875f, 0, -.3125f, 0, 0, 0, .375f, 0, .0625f, 0, 0, 0, 0, .125f, 0);
  }

  private float[] residual(float[] x, EncodingSettings settings) {
    float[] said = Inputs.dense(encode(x, settings), x.length, decoded);
    float[] residual = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      residual[i] = x[i] - said[i];
    }
    return residual;
  }

  @Test
  void stochasticLevelsLeaveZerosOutWhereThatTakesFewerBytes() {
    SplittableRandom random = new SplittableRandom(4);
    float[] values = new float[4000];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.pow(random.nextDouble(-1, 1), 15);
    }
    SegmentUpdate sparse = encode(values, Presets.qsgd(4));
    assertThat(sparse.indexCode()).isInstanceOf(IndexCode.Rice.class);
    assertThat(sparse.index().length() + sparse.values().length()).isLessThan(4000 / 2);

    Quantization levels = new Quantization(Value.AFFINE, 4, Fit.SYMMETRIC, Rounding.STOCHASTIC);
    SegmentUpdate dense = encode(values, Presets.dense(levels));
    assertThat(dense.valueCode()).isEqualTo(sparse.valueCode());
    float[] saidSparsely = Inputs.dense(sparse, 4000, decoded);
    assertThat(saidSparsely).isEqualTo(Inputs.dense(dense, 4000, decoded));
    assertThat(saidSparsely).contains(0);

    float[] large = {1, -1, .9f, -.8f, 1, .7f, 0, 1};
    assertThat(encode(large, Presets.qsgd(4)).indexCode()).isEqualTo(new IndexCode.Dense());
  }

  @Test
  void anUnbiasedSubsetIsDividedByItsShare() throws Exception {
    SegmentUpdate update = encode(X, Presets.subsample(QUARTER, Presets.float32()));

    Updates.Decoded said = decode(update, 16);
    assertThat(said.indices()).isEqualTo(SeededIndexTest.draw(1, QUARTER, 16)).isNotEmpty();
    for (int i = 0; i < said.indices().length; i++) {
      assertThat(said.values()[i]).isEqualTo(X[said.indices()[i]] / .25f);
    }
  }
}

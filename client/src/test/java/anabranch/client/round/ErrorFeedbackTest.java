// SPDX-License-Identifier: Apache-2.0
package anabranch.client.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import anabranch.client.TestRound;
import anabranch.client.state.ClientState;
import anabranch.protocol.codec.EncodingAxes;
import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.codec.EncodingSettings.Fit;
import anabranch.protocol.codec.EncodingSettings.Index;
import anabranch.protocol.codec.EncodingSettings.Rounding;
import anabranch.protocol.codec.EncodingSettings.Transform;
import anabranch.protocol.codec.EncodingSettings.Value;
import anabranch.protocol.codec.Reference;
import anabranch.protocol.message.Outcome;
import anabranch.protocol.message.Plan;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Role;
import anabranch.protocol.model.Segmenter;
import anabranch.protocol.model.Segmenter.BlockShape;
import anabranch.protocol.model.Segmenter.TensorShape;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;

/** What one client keeps from round to round, with numbers small enough to check by eye. */
class ErrorFeedbackTest {

  /** Two blocks of four parameters. */
  private static final ModelManifest FOURS =
      Segmenter.manifest(
          "custom",
          Map.of(),
          4,
          List.of(
              new BlockShape("a", List.of(new TensorShape("a", List.of(4), Role.PARAMETER))),
              new BlockShape("b", List.of(new TensorShape("b", List.of(4), Role.PARAMETER)))));

  private static final EncodingSettings LARGEST_OF_FOUR =
      settings(Transform.NONE, Index.SMALLEST, 0.25, Value.F32, 32);

  private final ClientState state = ClientState.inMemory("demo", "ann");

  @AfterEach
  void close() {
    state.close();
  }

  @Test
  void whatAnUpdateLeavesOutIsPartOfTheNext() throws Exception {
    SteeredClient ann = new SteeredClient(state, FOURS);

    assertThat(ann.send(plan(1, 0), Map.of(0, floats(4, 3, 2, 1))).get(0))
        .containsExactly(4, 0, 0, 0);
    ann.receive(plan(1, 0), Outcome.FOLDED);
    assertThat(ann.send(plan(2, 0), Map.of(0, floats(0, 0, 2, 1))).get(0))
        .containsExactly(0, 0, 4, 0);
    ann.receive(plan(2, 0), Outcome.FOLDED);

    assertThat(ann.residual(0)).containsExactly(0, 3, 0, 2);
  }

  /** An update that is not in the model takes nothing from what was left out before it. */
  @ParameterizedTest
  @NullSource
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FOLDED")
  void updateThatIsNotFoldedLeavesTheResidualAsItWas(Outcome outcome) throws Exception {
    SteeredClient ann = new SteeredClient(state, FOURS);
    ann.send(plan(1, 0), Map.of(0, floats(4, 3, 2, 1)));
    ann.receive(plan(1, 0), Outcome.FOLDED);

    ann.send(plan(2, 0), Map.of(0, floats(9, 9, 9, 9)));
    ann.receive(plan(2, 0), outcome);

    assertThat(ann.residual(0)).containsExactly(0, 3, 2, 1);
  }

  @Test
  void updateWhoseReceiptIsLostLeavesNothingOfItsBlocksAndTheOthersAsTheyWere() throws Exception {
    SteeredClient ann = new SteeredClient(state, FOURS);
    Plan both = plan(1, 0, 1);
    ann.send(both, Map.of(0, floats(4, 3, 2, 1), 1, floats(8, 7, 6, 5)));
    ann.receive(both, Outcome.FOLDED);

    ann.send(plan(2, 0), Map.of(0, floats(0, 0, 0, 9)));
    ann.send(plan(3, 0), Map.of(0, floats(0, 0, 1, 2)));
    ann.receive(plan(3, 0), Outcome.FOLDED);

    assertThat(ann.events()).contains("receipt 2 lost");
    assertThat(ann.residual(0)).containsExactly(0, 0, 1, 0);
    assertThat(ann.residual(1)).containsExactly(0, 7, 6, 5);
  }

  @Test
  void updateForAFederationThatIsNoMoreIsLostWhenAnotherBeginsFromTheFirstRound() throws Exception {
    SteeredClient ann = new SteeredClient(state, FOURS);
    ann.send(plan(7, 0), Map.of(0, floats(4, 3, 2, 1)));

    double[] sent = ann.send(plan(1, 0), Map.of(0, floats(1, 0, 0, 0))).get(0);

    assertThat(ann.events()).containsExactly("receipt 7 lost");
    assertThat(sent).containsExactly(1, 0, 0, 0);
  }

  @Test
  void residualOfAFrozenBlockIsSentWhenTheBlockIsTrainedAgain() throws Exception {
    SteeredClient ann = new SteeredClient(state, FOURS);
    ann.send(plan(1, 0), Map.of(0, floats(4, 3, 2, 1)));
    ann.receive(plan(1, 0), Outcome.FOLDED);
    for (int round = 2; round < 5; round++) {
      ann.send(plan(round, 1), Map.of(1, floats(1, 1, 1, 1)));
      ann.receive(plan(round, 1), Outcome.FOLDED);
    }

    assertThat(ann.send(plan(5, 0), Map.of(0, floats(0, 0, 0, 0))).get(0))
        .containsExactly(0, 3, 0, 0);
  }

  @Test
  void residualsOfAnotherModelOrOfOneThatWasBegunAnewAreNotUsed() throws Exception {
    SteeredClient ann = new SteeredClient(state, FOURS);
    ann.send(plan(7, 0), Map.of(0, floats(4, 3, 2, 1)));
    ann.receive(plan(7, 0), Outcome.FOLDED);
    Plan next = plan(8, 0);

    assertThat(state.residuals(TestRound.opening(next, "model", 2, 8)).of(0, 4))
        .containsExactly(0, 3, 2, 1);
    assertThat(state.residuals(TestRound.opening(next, "other model", 2, 8)).of(0, 4))
        .containsOnly(0);
    assertThat(state.residuals(TestRound.opening(next, "model", 2, 0)).of(0, 4)).containsOnly(0);
  }

  @Test
  void withoutErrorFeedbackNothingIsKept() throws Exception {
    SteeredClient ann = new SteeredClient(state, FOURS);
    EncodingSettings topK =
        new EncodingSettings("top-k", Reference.DELTA, Index.SMALLEST, Value.F32, 32, 0.25);
    Plan plan = TestRound.plan(1, List.of(0), topK);
    ann.send(plan, Map.of(0, floats(4, 3, 2, 1)));
    ann.receive(plan, Outcome.FOLDED);

    assertThat(ann.residual(0)).containsOnly(0);
  }

  /** The vectors stc-1 and stc-2-ef of codec-vectors.json, which another program computed. */
  @Test
  void sparseTernaryCompressionLeavesWhatAnotherImplementationLeaves() throws Exception {
    EncodingSettings quarter =
        new EncodingAxes("stc")
            .index(Index.RICE, 0.25)
            .affine(1, Fit.MEAN_MAGNITUDE, Rounding.NEAREST)
            .errorFeedback(true)
            .build();
    float[] x = {
      0.9f, -0.1f, 0.05f, -1.2f, 0, 0.3f, -0.02f, 0.7f, 0.15f, -0.8f, 0.01f, 0.25f, -0.4f, 0.06f,
      1.1f, -0.33f
    };
    float[] tenths = new float[16];
    Arrays.fill(tenths, 0.1f);
    SteeredClient ann = new SteeredClient(state, vectorOf(16));

    double[] first = ann.send(TestRound.plan(1, List.of(0), quarter), Map.of(0, x)).get(0);
    ann.receive(TestRound.plan(1, List.of(0), quarter), Outcome.FOLDED);
    double[] second = ann.send(TestRound.plan(2, List.of(0), quarter), Map.of(0, tenths)).get(0);
    ann.receive(TestRound.plan(2, List.of(0), quarter), Outcome.FOLDED);

    assertThat(first).containsExactly(1, 0, 0, -1, 0, 0, 0, 0, 0, -1, 0, 0, 0, 0, 1, 0);
    double mu = 0.4625000059604645;
    assertThat(second).containsExactly(0, 0, 0, 0, 0, mu, 0, mu, 0, 0, 0, mu, -mu, 0, 0, 0);
    assertThat(ann.residual(0))
        .containsExactly(
            -2.2351741790771484e-08f,
            0.0f,
            0.15000000596046448f,
            -0.1000000461935997f,
            0.10000000149011612f,
            -0.0625f,
            0.07999999821186066f,
            0.3375000059604645f,
            0.25f,
            0.29999998211860657f,
            0.10999999940395355f,
            -0.11250001192092896f,
            0.16249999403953552f,
            0.1599999964237213f,
            0.20000001788139343f,
            -0.23000001907348633f);
  }

  static Stream<EncodingSettings> lossy() {
    return Stream.of(
        settings(Transform.NONE, Index.SMALLEST, 0.1, Value.F16, 16),
        settings(Transform.NONE, Index.DENSE, 1, Value.AFFINE, 2),
        settings(Transform.NONE, Index.SEEDED, 0.3, Value.F32, 32),
        settings(Transform.ROTATION, Index.DENSE, 1, Value.AFFINE, 3),
        settings(Transform.ROTATION, Index.SMALLEST, 0.1, Value.BF16, 16),
        settings(Transform.LOW_RANK, Index.DENSE, 1, Value.F16, 16));
  }

  /** Nothing is lost and nothing sent twice: what differs is what float32 rounds. */
  @ParameterizedTest
  @MethodSource("lossy")
  void updatesAndResidualAddUpToWhatWasTrained(EncodingSettings encoding) throws Exception {
    ModelManifest matrix =
        Segmenter.manifest(
            "custom",
            Map.of(),
            4,
            List.of(
                new BlockShape(
                    "block",
                    List.of(
                        new TensorShape("w", List.of(20, 30), Role.PARAMETER),
                        new TensorShape("b", List.of(20), Role.PARAMETER)))));
    SteeredClient ann = new SteeredClient(state, matrix);
    SplittableRandom random = new SplittableRandom(1);
    double[] sent = new double[620];
    double[] trained = new double[620];
    for (int round = 1; round <= 20; round++) {
      float[] delta = new float[620];
      for (int i = 0; i < delta.length; i++) {
        delta[i] = (float) (random.nextDouble() - 0.5);
      }
      Plan plan = TestRound.plan(round, List.of(0), encoding);
      double[] decoded = ann.send(plan, Map.of(0, delta)).get(0);
      boolean folded = round % 3 != 0;
      ann.receive(plan, folded ? Outcome.FOLDED : Outcome.EXPIRED);
      for (int i = 0; folded && i < delta.length; i++) {
        sent[i] += decoded[i];
        trained[i] += delta[i];
      }
    }

    float[] residual = ann.residual(0);
    assertThat(residual).isNotEqualTo(new float[620]);
    for (int i = 0; i < residual.length; i++) {
      assertThat(sent[i] + residual[i]).isCloseTo(trained[i], within(1e-5));
    }
  }

  private static ModelManifest vectorOf(int size) {
    return Segmenter.manifest(
        "custom",
        Map.of(),
        4,
        List.of(
            new BlockShape("block", List.of(new TensorShape("w", List.of(size), Role.PARAMETER)))));
  }

  private static Plan plan(long round, Integer... blocks) {
    return TestRound.plan(round, List.of(blocks), LARGEST_OF_FOUR);
  }

  private static EncodingSettings settings(
      Transform transform, Index index, double fraction, Value value, int bits) {
    return new EncodingAxes(transform + " " + index + " " + value)
        .transform(transform, transform == Transform.LOW_RANK ? 4 : 0)
        .index(index, fraction)
        .value(value, bits)
        .errorFeedback(true)
        .build();
  }

  private static float[] floats(float... values) {
    return values;
  }
}

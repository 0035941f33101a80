// SPDX-License-Identifier: Apache-2.0
package anabranch.client.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import anabranch.client.TestRound;
import anabranch.client.data.FashionMnist;
import anabranch.client.data.LocalData;
import anabranch.client.model.Architecture;
import anabranch.client.model.ModelDefinition;
import anabranch.client.state.ClientState;
import anabranch.client.train.Subspace;
import anabranch.client.train.TrainingResult;
import anabranch.client.train.TrainingTask;
import anabranch.client.train.torch.TorchTrainer;
import anabranch.protocol.codec.EncodingAxes;
import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.codec.EncodingSettings.Index;
import anabranch.protocol.codec.EncodingSettings.Transform;
import anabranch.protocol.codec.RowSpace;
import anabranch.protocol.message.Plan;
import anabranch.protocol.message.TrainingSettings;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Role;
import anabranch.protocol.model.Segmenter;
import anabranch.protocol.model.Segmenter.BlockShape;
import anabranch.protocol.model.Segmenter.TensorShape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Training that moves only in directions that can be sent, on real images. */
class RestrictedTrainingTest {

  private static final ModelDefinition CONV = Architecture.CONV_SMALL.define(Map.of());
  private static final ModelManifest MANIFEST = CONV.manifest(4);
  private static final List<Integer> ALL = List.of(0, 1, 2, 3);
  private static final LocalData LITTLE =
      LocalData.withoutHeldOut(
          FashionMnist.shipped().train().subset(IntStream.range(0, 200).toArray()));

  static Stream<EncodingSettings> restricted() {
    return Stream.of(
        settings(Transform.NONE, 0, Index.SEEDED, 0.2, true),
        settings(Transform.LOW_RANK, 8, Index.DENSE, 1, true));
  }

  @ParameterizedTest
  @MethodSource("restricted")
  void updateSaysAllThatWasTrained(EncodingSettings encoding) throws Exception {
    Map<Integer, float[]> deltas = deltas(encoding);

    Map<Integer, double[]> said = said(encoding, deltas);

    for (int block : ALL) {
      float[] delta = deltas.get(block);
      double greatest =
          IntStream.range(0, delta.length).mapToDouble(i -> Math.abs(delta[i])).max().orElseThrow();
      assertThat(greatest).isGreaterThan(1e-3);
      for (int i = 0; i < delta.length; i++) {
        assertThat(said.get(block)[i]).isCloseTo(delta[i], within(1e-5));
      }
    }
  }

  @Test
  void unrestrictedTrainingLeavesWhatTheSameEncodingsCanSay() throws Exception {
    EncodingSettings encoding = settings(Transform.LOW_RANK, 8, Index.DENSE, 1, false);
    Map<Integer, float[]> deltas = deltas(encoding);

    double[] said = said(encoding, deltas).get(2);

    float[] delta = deltas.get(2);
    assertThat(
            IntStream.range(0, delta.length)
                .mapToDouble(i -> Math.abs(said[i] - delta[i]))
                .max()
                .orElseThrow())
        .isGreaterThan(1e-3);
  }

  /** A trainer of one's own has the same subspace as arrays. */
  @ParameterizedTest
  @MethodSource("restricted")
  void projectionLeavesWhatWasTrainedAndTakesWhatCannotBeSaid(EncodingSettings encoding)
      throws Exception {
    Subspace subspace = subspace("ann", plan(encoding), MANIFEST).orElseThrow();
    float[] trained = deltas(encoding).get(2);
    float[] projected = trained.clone();
    float[] other = CONV.initialWeights(9).get(2);
    float[] once = other.clone();

    project(subspace, 2, projected);
    project(subspace, 2, once);
    float[] twice = once.clone();
    project(subspace, 2, twice);

    assertThat(projected).containsExactly(trained, within(1e-6f));
    assertThat(once).isNotEqualTo(other);
    assertThat(twice).containsExactly(once, within(1e-6f));
  }

  /** Replaces a block's flat vector by the nearest in the subspace, as a trainer would. */
  private static void project(Subspace subspace, int block, float[] vector) {
    float[] mask = subspace.mask(block).orElse(null);
    for (int i = 0; mask != null && i < vector.length; i++) {
      vector[i] *= mask[i];
    }
    for (RowSpace space : subspace.rowSpaces(block)) {
      float[] basis = space.basis();
      int columns = space.columns();
      for (int row = 0; row < space.rows(); row++) {
        int from = space.from() + row * columns;
        double[] parts = new double[basis.length / columns];
        for (int i = 0; i < basis.length; i++) {
          parts[i / columns] += (double) basis[i] * vector[from + i % columns];
        }
        double[] sum = new double[columns];
        for (int i = 0; i < basis.length; i++) {
          sum[i % columns] += parts[i / columns] * basis[i];
        }
        for (int c = 0; c < columns; c++) {
          vector[from + c] = (float) sum[c];
        }
      }
    }
  }

  @Test
  void matrixThatIsCutIntoSegmentsIsOneMatrix() {
    ModelManifest large =
        Segmenter.manifest(
            "custom",
            Map.of(),
            4,
            List.of(
                new BlockShape(
                    "block", List.of(new TensorShape("w", List.of(700, 500), Role.PARAMETER)))));
    Plan plan =
        TestRound.plan(1, List.of(0), settings(Transform.LOW_RANK, 8, Index.DENSE, 1, true));

    List<RowSpace> spaces = subspace("ann", plan, large).orElseThrow().rowSpaces(0);

    assertThat(large.segments()).hasSizeGreaterThan(2);
    assertThat(spaces).hasSize(1);
    assertThat(spaces.get(0).rows()).isEqualTo(700);
  }

  @Test
  void drawnCoefficientsOfATransformAreNoSubspaceToTrainIn() {
    Plan plan = plan(settings(Transform.LOW_RANK, 8, Index.SEEDED, 0.5, true));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> subspace("ann", plan, MANIFEST))
        .withMessageContaining("not to both");
  }

  @Test
  void clientsOfOnePlanDrawElementsOfTheirOwn() {
    Plan plan = plan(settings(Transform.NONE, 0, Index.SEEDED, 0.2, true));

    float[] ann = subspace("ann", plan, MANIFEST).orElseThrow().mask(2).orElseThrow();
    float[] bob = subspace("bob", plan, MANIFEST).orElseThrow().mask(2).orElseThrow();

    assertThat(ann).isNotEqualTo(bob).containsOnly(0, 1);
  }

  @Test
  void encodingsThatCanSayEverythingDoNotRestrict() {
    for (EncodingSettings encoding :
        List.of(
            EncodingSettings.DENSE_F32, settings(Transform.LOW_RANK, 8, Index.DENSE, 1, false))) {
      assertThat(subspace("ann", plan(encoding), MANIFEST)).isEmpty();
    }
  }

  /** With momentum and a proximal term. */
  private static Map<Integer, float[]> deltas(EncodingSettings encoding) throws Exception {
    Map<Integer, float[]> weights = new HashMap<>();
    for (float[] vector : CONV.initialWeights(1)) {
      weights.put(weights.size(), vector);
    }
    Subspace subspace = subspace("ann", plan(encoding), MANIFEST).orElse(null);
    TrainingSettings training = new TrainingSettings(2, 20, 0.05, 0.9, 0.1, Map.of());
    TrainingResult result =
        new TorchTrainer()
            .train(
                new TrainingTask(MANIFEST, weights, ALL, training, 1, 1, 0, 0, 5, subspace),
                LITTLE);
    Map<Integer, float[]> deltas = new HashMap<>();
    result
        .blocks()
        .forEach(
            (block, after) -> {
              float[] delta = after.clone();
              for (int i = 0; i < delta.length; i++) {
                delta[i] -= weights.get(block)[i];
              }
              deltas.put(block, delta);
            });
    return deltas;
  }

  private static Map<Integer, double[]> said(
      EncodingSettings encoding, Map<Integer, float[]> deltas) throws Exception {
    try (ClientState state = ClientState.inMemory("demo", "ann")) {
      return new SteeredClient(state, MANIFEST).send(plan(encoding), deltas);
    }
  }

  private static Optional<Subspace> subspace(String client, Plan plan, ModelManifest manifest) {
    return new UpdateEncoder(client, plan, manifest).subspace();
  }

  private static Plan plan(EncodingSettings encoding) {
    return TestRound.plan(1, ALL, encoding);
  }

  private static EncodingSettings settings(
      Transform transform, int rank, Index index, double fraction, boolean restricted) {
    return new EncodingAxes(transform + " " + index)
        .transform(transform, rank)
        .restricted(restricted)
        .index(index, fraction)
        .build();
  }
}

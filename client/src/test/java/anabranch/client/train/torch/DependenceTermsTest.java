// SPDX-License-Identifier: Apache-2.0
package anabranch.client.train.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.loss.Loss;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DependenceTermsTest {

  private final NDManager manager = Torch.openManager();

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void lossesOfTheGoldenBatch() {
    assertThat(goldenLoss(1, 0.1)).isCloseTo(-0.788892, within(1e-5));
    assertThat(goldenLoss(0.1, 1)).isCloseTo(-0.436277, within(1e-5));
  }

  private double goldenLoss(double lambda, double gamma) {
    NDArray z = manager.create(Golden.flat(Golden.Z), new Shape(4, 2));
    NDArray input = manager.create(Golden.flat(Golden.X), new Shape(4, 3));
    float[] logits = new float[8];
    IntStream.range(0, 8).forEach(i -> logits[i] = Golden.LOGITS[i / 2][i % 2]);
    NDArray crossEntropy =
        Loss.softmaxCrossEntropyLoss()
            .evaluate(
                new NDList(manager.create(Golden.LABELS)),
                new NDList(manager.create(logits, new Shape(4, 2))));
    DependenceTerms terms = new DependenceTerms(lambda, gamma);
    DependenceTerms.Dependence dependence =
        terms
            .addTo(crossEntropy, new ForwardPass.Features(z, z), goldenBatch(), input)
            .dependence();

    assertThat(crossEntropy.getFloat()).isCloseTo((float) Golden.CROSS_ENTROPY, within(1e-6f));
    return terms.value(crossEntropy.getFloat(), dependence);
  }

  @Test
  void gradientsOfTheGoldenBatchAreSubtracted() {
    float[] byBoth = gradient(goldenBatch(), Golden.flat(Golden.X), Golden.flat(Golden.Z), 2, 3);

    for (int i = 0; i < 8; i++) {
      assertThat((double) byBoth[i])
          .isCloseTo(-2 * Golden.gradientByX(5)[i] - 3 * Golden.gradientByY(5)[i], within(1e-5));
    }
  }

  @Test
  void gradientsAreThoseOfPyTorchsOwnDifferentiation() {
    SplittableRandom random = new SplittableRandom(1);
    int samples = 24;
    float[] x = uniform(random, samples * 6);
    float[] z = uniform(random, samples * 10);
    int[] labels = IntStream.range(0, samples).map(i -> i % 4).toArray();
    Batch batch = new Batch(x, List.of(6), labels, 4);

    float[] inClosedForm = gradient(batch, x, z, 0.7, 0.4);

    assertThat(inClosedForm).containsExactly(composed(batch, x, z, 0.7, 0.4), within(2e-6f));
  }

  /** The formula as it is written, differentiated by PyTorch. */
  private float[] composed(Batch batch, float[] x, float[] z, double lambda, double gamma) {
    int samples = batch.size();
    NDArray features = manager.create(z, new Shape(samples, z.length / samples));
    features.setRequiresGradient(true);
    NDArray input = manager.create(x, new Shape(samples, x.length / samples));
    NDArray oneHot = manager.create(batch.labels()).oneHot(batch.classes());
    try (GradientCollector collector = Torch.engine().newGradientCollector()) {
      NDArray kernel = centered(features);
      NDArray loss =
          normalized(kernel, centered(input))
              .mul(-lambda)
              .add(normalized(kernel, centered(oneHot)).mul(-gamma));
      collector.backward(loss);
    }
    return features.getGradient().toFloatArray();
  }

  private NDArray centered(NDArray rows) {
    long samples = rows.getShape().get(0);
    NDArray squares = rows.mul(rows).sum(new int[] {1}, true);
    NDArray distances =
        squares.add(squares.transpose()).sub(rows.matMul(rows.transpose()).mul(2)).abs();
    NDArray kernel = distances.div(-50.0 * rows.getShape().get(1)).exp();
    NDArray centering = manager.eye((int) samples).sub(1.0 / samples);
    return centering.matMul(kernel).matMul(centering);
  }

  private static NDArray normalized(NDArray a, NDArray b) {
    return a.mul(b).sum().div(a.mul(a).sum().mul(b.mul(b).sum()).sqrt());
  }

  @Test
  void undefinedTermsCountNothing() {
    float[] z = Golden.flat(Golden.Z);
    float[] x = Golden.flat(Golden.X);
    Batch oneLabel = new Batch(x, List.of(3), new int[4], 2);

    assertThat(gradient(oneLabel, x, z, 0, 1)).containsOnly(0f);
    assertThat(gradient(goldenBatch(), x, new float[8], 1, 1)).containsOnly(0f);
    assertThat(gradient(goldenBatch(), new float[12], z, 1, 0)).containsOnly(0f);
  }

  @Test
  void nothingIsObservedWithoutWeightsOrForTinyAndHugeBatches() {
    assertThat(new DependenceTerms(0, 0).observation(64)).isEqualTo(ForwardPass.Observation.NONE);
    assertThat(new DependenceTerms(1, 1).observation(7)).isEqualTo(ForwardPass.Observation.NONE);
    assertThat(new DependenceTerms(1, 1).observation(8))
        .isEqualTo(ForwardPass.Observation.HEAD_TRAINED);
    assertThat(new DependenceTerms(1, 1).observation(1024))
        .isEqualTo(ForwardPass.Observation.HEAD_TRAINED);
    assertThat(new DependenceTerms(1, 1).observation(1025)).isEqualTo(ForwardPass.Observation.NONE);
    assertThat(new DependenceTerms(1, 0).observation(8))
        .isEqualTo(ForwardPass.Observation.HEAD_FIXED);
  }

  /** By the features, of the terms alone. */
  private float[] gradient(Batch batch, float[] x, float[] z, double lambda, double gamma) {
    int samples = batch.size();
    NDArray features = manager.create(z, new Shape(samples, z.length / samples));
    features.setRequiresGradient(true);
    NDArray input = manager.create(x, new Shape(samples, x.length / samples));
    try (GradientCollector collector = Torch.engine().newGradientCollector()) {
      NDArray nothing = features.sum().mul(0);
      collector.backward(
          new DependenceTerms(lambda, gamma)
              .addTo(nothing, new ForwardPass.Features(features, features), batch, input)
              .root());
    }
    return features.getGradient().toFloatArray();
  }

  private static Batch goldenBatch() {
    return new Batch(Golden.flat(Golden.X), List.of(3), Golden.LABELS, 2);
  }

  private static float[] uniform(SplittableRandom random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) (2 * random.nextDouble() - 1);
    }
    return values;
  }
}

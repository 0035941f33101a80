// SPDX-License-Identifier: Apache-2.0
package anabranch.client.train.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MutualDistillationTest {

  /** Logits of three exits for two samples of three classes. */
  private static final float[][] EXITS = {
    {1, -0.5f, 0.25f, 0, 2, -1}, {0.5f, 0.5f, -0.5f, 1.5f, 0.25f, 0}, {-1, 0.75f, 2, 0.5f, 1, -2}
  };

  private static final int[] LABELS = {2, 1};

  private final NDManager manager = Torch.openManager();
  private List<NDArray> exits;

  @BeforeEach
  void create() {
    exits = List.of(logits(0), logits(1), logits(2));
  }

  @AfterEach
  void close() {
    manager.close();
  }

  /** The formula in Python's doubles; the gradients are its central differences. */
  @Test
  void lossAndGradientsAreThoseOfTheFormulaWithTeachersThatStandStill() {
    assertThat(lossWithGradients(0.6)).isCloseTo(4.052847f, within(1e-5f));

    assertGradient(0, 0.402902f, 0.009773f, -0.412675f, -0.062934f, 0.056006f, 0.006929f);
    assertGradient(1, 0.243797f, 0.285954f, -0.529751f, 0.457871f, -0.565304f, 0.107433f);
    assertGradient(2, -0.122011f, 0.088434f, 0.033577f, 0.176463f, -0.172038f, -0.004425f);
  }

  @Test
  void withoutWeightEveryExitLearnsFromTheLabelsAlone() {
    float sum = 0;
    for (NDArray exit : exits) {
      sum += MutualDistillation.crossEntropy(exit, manager.create(LABELS)).getFloat();
    }

    assertThat(lossWithGradients(0)).isCloseTo(sum, within(1e-6f));
  }

  @Test
  void exitsThatAgreeTeachEachOtherNothing() {
    exits = List.of(logits(1), logits(1));
    float alone = lossWithGradients(0);

    assertThat(lossWithGradients(1)).isCloseTo(alone, within(1e-6f));
  }

  @Test
  void onlyExitHasTheCrossEntropyItself() {
    NDArray crossEntropy = MutualDistillation.crossEntropy(exits.get(0), manager.create(LABELS));

    assertThat(
            new MutualDistillation(1)
                .addTo(crossEntropy, exits.subList(0, 1), manager.create(LABELS)))
        .isSameAs(crossEntropy);
  }

  private float lossWithGradients(double weight) {
    try (GradientCollector collector = Torch.engine().newGradientCollector()) {
      NDArray labels = manager.create(LABELS);
      NDArray deepest = MutualDistillation.crossEntropy(exits.get(exits.size() - 1), labels);
      NDArray loss = new MutualDistillation(weight).addTo(deepest, exits, labels);
      collector.backward(loss);
      return loss.getFloat();
    }
  }

  private void assertGradient(int exit, float... expected) {
    assertThat(exits.get(exit).getGradient().toFloatArray())
        .containsExactly(expected, within(1e-5f));
  }

  private NDArray logits(int exit) {
    NDArray logits = manager.create(EXITS[exit], new Shape(2, 3));
    logits.setRequiresGradient(true);
    return logits;
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.client.train.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import anabranch.client.data.Dataset;
import anabranch.client.data.FashionMnist;
import anabranch.client.data.Hospital;
import anabranch.client.model.Architecture;
import anabranch.client.model.ModelDefinition;
import anabranch.client.train.Evaluation;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TorchEvaluatorTest {

  private static final Dataset YEARS = Hospital.shipped().test();
  private static final int AGE = 6;
  private static final ModelDefinition NET =
      Architecture.MLP.define(Map.of("inputs", "24", "hidden", "1", "classes", "2"));

  private final TorchEvaluator evaluator = new TorchEvaluator();

  @Test
  void aucIsThatOfTheInputThatTheNetworkPassesOn() {
    // The hidden unit is age + 10, above 0 for everyone; logit 1 is that, logit 0 is 0.
    float[] hidden = new float[24 + 1];
    hidden[AGE] = 1;
    hidden[24] = 10;
    float[] output = {0, 1, 0, 0};

    Evaluation evaluation =
        evaluator.evaluate(NET.manifest(2), Map.of(0, hidden, 1, output), YEARS);

    assertThat(evaluation.auc().orElseThrow()).isCloseTo(aucOfAge(), within(1e-4));
    assertThat(evaluation.score()).isEqualTo(evaluation.auc().orElseThrow());
    assertThat(evaluation.accuracy()).isLessThan(0.1);
    assertThat(evaluation.samples()).isEqualTo(4_031);
  }

  private static double aucOfAge() {
    float[] inputs = new float[24];
    float[] age = new float[YEARS.size()];
    for (int i = 0; i < age.length; i++) {
      YEARS.copyFeatures(i, inputs, 0);
      age[i] = inputs[AGE];
    }
    double wins = 0;
    long pairs = 0;
    for (int i = 0; i < age.length; i++) {
      for (int j = 0; YEARS.label(i) == 1 && j < age.length; j++) {
        if (YEARS.label(j) == 0) {
          pairs++;
          wins += age[i] > age[j] ? 1 : age[i] == age[j] ? 0.5 : 0;
        }
      }
    }
    return wins / pairs;
  }

  @Test
  void withoutTwoClassesThereIsNoAuc() {
    ModelDefinition ten = Architecture.MLP.define(Map.of());
    Dataset images = FashionMnist.shipped().test().subset(new int[] {0, 1, 2});
    Evaluation untrained =
        evaluator.evaluate(
            ten.manifest(2), Map.of(0, new float[784 * 64 + 64], 1, new float[650]), images);

    assertThat(untrained.auc()).isEmpty();
    assertThat(untrained.score()).isEqualTo(untrained.accuracy());
    assertThat(untrained.loss()).isCloseTo(Math.log(10), within(1e-5));
  }

  @Test
  void oneClassAloneAndLogitsThatAreNotFiniteGiveNoAuc() {
    Dataset healthy =
        YEARS.subset(
            IntStream.range(0, YEARS.size()).filter(i -> YEARS.label(i) == 0).limit(20).toArray());
    float[] broken = {Float.NaN, 0, 0, 0};

    assertThat(
            evaluator
                .evaluate(NET.manifest(2), Map.of(0, new float[25], 1, new float[4]), healthy)
                .auc())
        .isEmpty();
    assertThat(
            evaluator.evaluate(NET.manifest(2), Map.of(0, new float[25], 1, broken), YEARS).auc())
        .isEmpty();
  }

  @Test
  void samplesOfAnotherShapeAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                evaluator.evaluate(
                    NET.manifest(2),
                    Map.of(0, new float[25], 1, new float[4]),
                    FashionMnist.shipped().test()))
        .withMessageContaining("samples [1, 28, 28] of 10 classes");
  }
}

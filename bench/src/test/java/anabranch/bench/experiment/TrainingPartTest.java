// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.client.data.Dataset;
import anabranch.client.data.FederatedDataset;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class TrainingPartTest {

  private static final FederatedDataset DATA =
      new FederatedDataset("numbers", new Numbers(0, 100), new Numbers(100, 40), null);

  @Test
  void aPartOfTheTrainingSamplesIsMeasuredOnOthersOfThem() {
    TrainingPart part = TrainingPart.of(DATA, 0.1, 5);

    assertThat(numbers(part.trained())).hasSize(10).allMatch(number -> number < 100);
    assertThat(numbers(part.measured()))
        .hasSize(40)
        .allMatch(number -> number < 100)
        .doesNotContainAnyElementsOf(numbers(part.trained()));
    assertThat(numbers(TrainingPart.of(DATA, 0.1, 6).trained()))
        .isNotEqualTo(numbers(part.trained()));
  }

  @Test
  void allTrainingSamplesAreMeasuredOnTheTestSamples() {
    TrainingPart part = TrainingPart.of(DATA, 1, 5);

    assertThat(part.trained()).isSameAs(DATA.train());
    assertThat(part.measured()).isSameAs(DATA.test());
  }

  private static Set<Integer> numbers(Dataset samples) {
    Set<Integer> numbers = new TreeSet<>();
    float[] features = new float[1];
    for (int sample = 0; sample < samples.size(); sample++) {
      samples.copyFeatures(sample, features, 0);
      numbers.add((int) features[0]);
    }
    return numbers;
  }

  /** Samples that are their own numbers. */
  private record Numbers(int first, int size) implements Dataset {

    @Override
    public List<Integer> shape() {
      return List.of(1);
    }

    @Override
    public int classes() {
      return 1;
    }

    @Override
    public int label(int sample) {
      return 0;
    }

    @Override
    public void copyFeatures(int sample, float[] target, int offset) {
      target[offset] = first + sample;
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.client.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FashionMnistTest {

  @Test
  void shippedDataAreBalancedAndNormalised() {
    FashionMnist data = FashionMnist.shipped();

    assertThat(data.train().size()).isEqualTo(12_000);
    assertThat(data.test().size()).isEqualTo(10_000);
    assertThat(data.train().shape()).containsExactly(1, 28, 28);
    assertThat(samplesByClass(data.train())).containsOnly(1_200);
    assertThat(samplesByClass(data.test())).containsOnly(1_000);
    assertThat(meanOfFeatures(data.train())).isBetween(-0.02, 0.02);
  }

  @Test
  void subsetKeepsItsOwnOrder() {
    Dataset train = FashionMnist.shipped().train();
    Dataset three = train.subset(new int[] {11_999, 0, 7});
    float[] direct = new float[784];
    float[] throughSubset = new float[785];

    train.copyFeatures(11_999, direct, 0);
    three.copyFeatures(0, throughSubset, 1);

    assertThat(three.size()).isEqualTo(3);
    assertThat(three.label(2)).isEqualTo(train.label(7));
    assertThat(throughSubset).endsWith(direct);
  }

  @Test
  void missingFileIsNamed(@TempDir Path folder) {
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> FashionMnist.in(folder))
        .withMessageContaining("train-images-idx3-ubyte");
  }

  private static int[] samplesByClass(Dataset data) {
    int[] samples = new int[data.classes()];
    for (int i = 0; i < data.size(); i++) {
      samples[data.label(i)]++;
    }
    return samples;
  }

  private static double meanOfFeatures(Dataset data) {
    float[] features = new float[data.features()];
    double sum = 0;
    for (int i = 0; i < data.size(); i++) {
      data.copyFeatures(i, features, 0);
      for (float feature : features) {
        sum += feature;
      }
    }
    return sum / data.size() / features.length;
  }
}

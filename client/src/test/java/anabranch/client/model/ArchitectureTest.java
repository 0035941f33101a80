// SPDX-License-Identifier: Apache-2.0
package anabranch.client.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArchitectureTest {

  @Test
  void sizesAreThoseOfTheTables() {
    assertThat(Architecture.CONV_SMALL.define(Map.of()).size()).isEqualTo(105_866);
    assertThat(Architecture.MLP.define(Map.of()).size()).isEqualTo(50_890);
    assertThat(Architecture.MCMAHAN_CNN.define(Map.of()).size()).isEqualTo(1_663_370);
    assertThat(
            Architecture.MLP
                .define(Map.of("inputs", "24", "hidden", "64,32", "classes", "2"))
                .size())
        .isEqualTo(24 * 64 + 64 + 64 * 32 + 32 + 32 * 2 + 2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"conv-small", "mcmahan-cnn"})
  void convolutionalNetsHaveFourBlocks(String label) {
    assertThat(Architecture.named(label).define(Map.of()).blocks())
        .extracting(BlockDefinition::name)
        .containsExactly("conv1", "conv2", "hidden", "output");
  }

  @Test
  void everyLayerOfThePerceptronIsABlock() {
    assertThat(Architecture.MLP.define(Map.of("hidden", "64, 32")).blocks())
        .extracting(BlockDefinition::name)
        .containsExactly("hidden1", "hidden2", "output");
  }

  @Test
  void perceptronTakesItsInputsAndClassesFromTheSamples() {
    ModelDefinition images = Architecture.MLP.defineFor(List.of(3, 8, 8), 5, Map.of());

    assertThat(images.settings()).containsEntry("inputs", "192").containsEntry("classes", "5");
    assertThat(Architecture.CONV_SMALL.defineFor(List.of(1, 28, 28), 7, Map.of()).classes())
        .isEqualTo(7);
  }

  @Test
  void samplesThatDoNotFitAreRefusedWithBothSides() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Architecture.MCMAHAN_CNN.defineFor(List.of(24), 2, Map.of()))
        .withMessageContaining("mcmahan-cnn takes samples [1, 28, 28] of 2 classes")
        .withMessageContaining("the data set has samples [24] of 2 classes");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Architecture.MLP.defineFor(List.of(24), 2, Map.of("inputs", "784")))
        .withMessageContaining("[784]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Architecture.MLP.defineFor(List.of(24), 2, Map.of("classes", "3")))
        .withMessageContaining("of 3 classes");
  }

  @Test
  void initialWeightsDependOnTheSeedAlone() {
    ModelDefinition model = Architecture.CONV_SMALL.define(Map.of());

    List<float[]> weights = model.initialWeights(1);

    assertThat(weights).usingRecursiveComparison().isEqualTo(model.initialWeights(1));
    assertThat(weights).usingRecursiveComparison().isNotEqualTo(model.initialWeights(2));
    // Written down once: another machine or JDK must draw the same bits.
    assertThat(weights.stream().map(Arrays::hashCode).toList())
        .containsExactly(-174492758, -2133965853, -524052023, -683097001);
  }

  @Test
  void initialWeightsFillTheirBoundAndBiasesAreZero() {
    float[] output = Architecture.MLP.define(Map.of()).initialWeights(3).get(1);
    float bound = (float) Math.sqrt(6.0 / 64);

    assertThat(output).hasSize(64 * 10 + 10);
    assertThat(Arrays.copyOf(output, 640)).doesNotContain(0f);
    assertThat(absolute(Arrays.copyOf(output, 640)).max().orElseThrow())
        .isBetween(0.98 * bound, (double) bound);
    assertThat(Arrays.copyOfRange(output, 640, 650)).containsOnly(0f);
  }

  @Test
  void unknownNamesAndSettingsAreRefusedWithWhatIsAllowed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Architecture.named("alexnet"))
        .withMessageContaining("conv-small, mcmahan-cnn, mlp, resnet");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Architecture.MLP.define(Map.of("depth", "3")))
        .withMessageContaining("depth");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Architecture.MLP.define(Map.of("hidden", "many")))
        .withMessageContaining("'hidden' of mlp");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Architecture.MLP.define(Map.of("hidden", "64,,32")))
        .withMessageContaining("with commas between them, not '64,,32'");
  }

  private static DoubleStream absolute(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> Math.abs(values[i]));
  }
}

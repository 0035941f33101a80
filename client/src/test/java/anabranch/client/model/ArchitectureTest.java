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

class ArchitectureTest {

  @Test
  void sizesAreThoseOfTheTables() {
    assertThat(Architecture.CONV_SMALL.define(Map.of()).size()).isEqualTo(105_866);
    assertThat(Architecture.MLP.define(Map.of()).size()).isEqualTo(50_890);
  }

  @Test
  void convSmallHasFourBlocks() {
    assertThat(Architecture.named("conv-small").define(Map.of()).blocks())
        .extracting(BlockDefinition::name)
        .containsExactly("conv1", "conv2", "hidden", "output");
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
        .isThrownBy(() -> Architecture.named("resnet"))
        .withMessageContaining("conv-small, mlp");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Architecture.MLP.define(Map.of("depth", "3")))
        .withMessageContaining("depth");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Architecture.MLP.define(Map.of("hidden", "many")))
        .withMessageContaining("'hidden' of mlp");
  }

  private static DoubleStream absolute(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> Math.abs(values[i]));
  }
}

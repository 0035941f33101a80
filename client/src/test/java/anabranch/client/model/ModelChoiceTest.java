// SPDX-License-Identifier: Apache-2.0
package anabranch.client.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import anabranch.client.data.DatasetCatalog;
import anabranch.client.data.FederatedDataset;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ModelChoiceTest {

  private static FederatedDataset hospital;

  @BeforeAll
  static void read() throws IOException {
    hospital = DatasetCatalog.HOSPITAL.open(Optional.empty());
  }

  @Test
  void withoutAWishItIsTheOneThatSuitsTheData() {
    ModelDefinition model = ModelChoice.of(hospital, null, Map.of());

    assertThat(model.architecture()).isEqualTo("mlp");
    assertThat(model.settings())
        .containsOnly(
            Map.entry("inputs", "24"), Map.entry("hidden", "64,32"), Map.entry("classes", "2"));
  }

  @Test
  void whatAUserAsksForWins() {
    assertThat(ModelChoice.of(hospital, "mlp", Map.of("hidden", "8")).size())
        .isEqualTo(24 * 8 + 8 + 8 * 2 + 2);
  }

  @Test
  void netsForOtherSamplesAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ModelChoice.of(hospital, "conv-small", Map.of()))
        .withMessageContaining("samples [24] of 2 classes: choose another model");
  }
}

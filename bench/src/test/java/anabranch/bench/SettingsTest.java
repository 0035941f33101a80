// SPDX-License-Identifier: Apache-2.0
package anabranch.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import anabranch.bench.round.RoundCase;
import anabranch.bench.testbed.Codec;
import anabranch.bench.testbed.SyntheticModel;
import anabranch.protocol.codec.EncodingSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 100, 1_023, 1_024, 1_025, SyntheticModel.RESNET_34})
  void aModelHasTheParametersThatWereAskedFor(int parameters) {
    SyntheticModel model = new SyntheticModel(parameters);
    assertThat(model.manifest().size()).isEqualTo(parameters);
    assertThat(model.initialWeights().get(0)).hasSize(parameters);
  }

  @Test
  void anUpdateCoversEverySegment() {
    SyntheticModel model = new SyntheticModel(300_000);
    assertThat(model.update(EncodingSettings.DENSE_F32))
        .extracting(segment -> segment.segment())
        .containsExactly(0, 1, 2);
  }

  @Test
  void wrongNamesAreRefusedWithWhatIsAllowed() {
    assertThatThrownBy(() -> Codec.named("zip"))
        .hasMessageContaining("'zip'")
        .hasMessageContaining("dense-f32, dense-f16, top-k, stc");
    assertThatThrownBy(() -> RoundCase.parse("2×100")).hasMessageContaining("CLIENTSxPARAMETERS");
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.codec.EncodingSettings.Index;
import anabranch.protocol.codec.EncodingSettings.Value;
import anabranch.protocol.codec.Reference;
import org.junit.jupiter.api.Test;

class EncodingConfigTest {

  @Test
  void presetSettlesAllAxes() throws Exception {
    assertThat(Configurations.with("encoding.preset=dense-f16").encoding())
        .isEqualTo(
            new EncodingSettings("dense-f16", Reference.DELTA, Index.DENSE, Value.F16, 16, 1));
    assertThat(Configurations.with("encoding.preset=top-k", "encoding.fraction=0.01").encoding())
        .isEqualTo(
            new EncodingSettings("top-k", Reference.DELTA, Index.SMALLEST, Value.F32, 32, 0.01));
  }

  @Test
  void axesMakeAnEncodingWithoutPreset() throws Exception {
    assertThat(
            Configurations.with(
                    "encoding.index=rice",
                    "encoding.value=affine",
                    "encoding.bits=4",
                    "encoding.fraction=0.1")
                .encoding())
        .isEqualTo(
            new EncodingSettings("custom", Reference.DELTA, Index.RICE, Value.AFFINE, 4, 0.1));
  }

  @Test
  void affineCodesHaveEightBitsUnlessToldOtherwise() throws Exception {
    assertThat(Configurations.with("encoding.value=affine").encoding().bits()).isEqualTo(8);
  }

  @Test
  void presetAndAxesExcludeEachOther() {
    assertThat(Configurations.error("encoding.preset=dense-f32", "encoding.value=f16"))
        .isEqualTo("--set: encoding.value: f16 is settled by encoding.preset; give one of the two");
  }

  @Test
  void sparseEncodingNeedsItsFractionAndDenseOneHasNone() {
    assertThat(Configurations.wrongPaths("encoding.preset=top-k"))
        .containsExactly("encoding.fraction");
    assertThat(Configurations.wrongPaths("encoding.index=bitmap"))
        .containsExactly("encoding.fraction");
    assertThat(Configurations.wrongPaths("encoding.fraction=0.5"))
        .containsExactly("encoding.fraction");
  }

  @Test
  void bitsBelongToAffineCodes() {
    assertThat(Configurations.wrongPaths("encoding.bits=4")).containsExactly("encoding.bits");
  }

  @Test
  void sparseWeightsNeedAMeanOverThoseThatListTheCoordinate() throws Exception {
    String[] sparseWeights = {
      "encoding.reference=weights", "encoding.index=smallest", "encoding.fraction=0.1", ""
    };
    sparseWeights[3] = "aggregation.rule=weighted-mean";
    assertThat(Configurations.wrongPaths(sparseWeights)).containsExactly("encoding.reference");

    sparseWeights[3] = "aggregation.rule=coordinate-count-mean";
    assertThat(Configurations.with(sparseWeights).encoding().reference())
        .isEqualTo(Reference.WEIGHTS);
  }
}

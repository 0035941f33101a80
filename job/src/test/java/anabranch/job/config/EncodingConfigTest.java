// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.codec.EncodingSettings.Index;
import anabranch.protocol.codec.EncodingSettings.Value;
import anabranch.protocol.codec.Reference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EncodingConfigTest {

  @Test
  void presetSettlesAllAxes() throws Exception {
    assertThat(Configurations.with("encoding.preset=dense-f16").encoding())
        .isEqualTo(
            new EncodingSettings("dense-f16", Reference.DELTA, Index.DENSE, Value.F16, 16, 1));
    assertThat(Configurations.with("encoding.preset=top-k(0.01)").encoding())
        .isEqualTo(
            new EncodingSettings(
                    "top-k(0.01)", Reference.DELTA, Index.SMALLEST, Value.F32, 32, 0.01)
                .withErrorFeedback(true));
  }

  @Test
  void errorFeedbackCanBeTakenFromAPresetAndGivenToOne() throws Exception {
    assertThat(
            Configurations.with("encoding.preset=stc(1/100)", "encoding.error-feedback=false")
                .encoding()
                .errorFeedback())
        .isFalse();
    assertThat(
            Configurations.with(
                    "encoding.preset=probabilistic(3, rotated)", "encoding.error-feedback=true")
                .encoding()
                .errorFeedback())
        .isTrue();
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
  void axesCanSayWhatAPresetSays() throws Exception {
    EncodingSettings sca = Configurations.with("encoding.preset=sca(0.01)").encoding();
    EncodingSettings axes =
        Configurations.with(
                "encoding.error-feedback=true",
                "encoding.index=smallest",
                "encoding.selection=largest-of-one-sign",
                "encoding.fraction=0.01",
                "encoding.value=affine",
                "encoding.bits=0",
                "encoding.fit=mean-magnitude")
            .encoding();

    assertThat(axes).usingRecursiveComparison().ignoringFields("preset").isEqualTo(sca);
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "top-k", "top-k()", "top-k(0)", "top-k(1)", "top-k(2/1)", "top-k(0.1, f64)",
        "top-k(0.1, f16, f16)", "stc(1/0)", "stc(x)", "low-rank(0)", "qsgd(1)", "probabilistic(17)",
        "dense-f32(1)", "unknown(1)", "stc(1/100", "stc 1/100", ""
      })
  void presetThatDoesNotExistIsRefusedWithAllThatDo(String preset) {
    assertThat(Configurations.error("encoding.preset=" + preset))
        .startsWith("--set: encoding.preset: found ")
        .contains(
            "top-k(share, [f32|f16|int8])", "stc(share)", "probabilistic(bits, [rotated|plain])");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '"',
      value = {
        "encoding.index=bitmap; encoding.fraction",
        "encoding.fraction=0.5; encoding.fraction",
        "encoding.bits=4; encoding.bits",
        "encoding.fit=symmetric; encoding.fit",
        "encoding.rank=4; encoding.rank",
        "encoding.group=4; encoding.group",
        "encoding.group=4 encoding.index=seeded encoding.fraction=0.1; encoding.group",
        "encoding.selection=largest-of-one-sign; encoding.selection",
        "encoding.value=affine encoding.fit=symmetric encoding.bits=1; encoding.bits",
        "encoding.value=affine encoding.fit=mean-magnitude; encoding.bits",
        "encoding.index=smallest encoding.fraction=0.1 encoding.unbiased=true; encoding.unbiased",
        "encoding.preset=subsample(0.1) encoding.error-feedback=true; encoding.error-feedback",
        "encoding.preset=probabilistic(4,plain) encoding.error-feedback=true;"
            + " encoding.error-feedback",
        "encoding.preset=qsgd(4) encoding.error-feedback=true; encoding.error-feedback",
        "encoding.preset=probabilistic(2,rotated) encoding.error-feedback=true;"
            + " encoding.error-feedback",
        "encoding.preset=subsample(0.1) aggregation.rule=coordinate-count-mean; aggregation.rule",
        "encoding.preset=qsgd(4) aggregation.rule=coordinate-count-mean; aggregation.rule",
        "encoding.reference=weights encoding.index=smallest"
            + " aggregation.rule=coordinate-count-mean; aggregation.rule",
        "encoding.restricted=true; encoding.restricted",
        "encoding.restricted=true encoding.index=seeded encoding.fraction=0.1"
            + " encoding.transform=rotation; encoding.restricted",
        "encoding.restricted=true encoding.index=seeded encoding.fraction=0.1"
            + " encoding.transform=low-rank; encoding.restricted",
        "encoding.reference=weights encoding.transform=rotation; encoding.reference",
        "encoding.reference=weights encoding.error-feedback=true; encoding.reference",
        "encoding.preset=stc(0.01) round.parts=independent; round.parts",
      })
  void whatDoesNotCombineIsRefusedAtTheStart(String settings, String wrong) {
    assertThat(Configurations.wrongPaths(settings.split(" "))).containsExactly(wrong);
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

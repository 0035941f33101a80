// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.protocol.codec.EncodingSettings.Fit;
import anabranch.protocol.codec.EncodingSettings.Index;
import anabranch.udf.round.DownlinkPolicy;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DownlinkConfigTest {

  @Test
  void withoutAPresetEveryVersionIsPublishedWhole() throws Exception {
    FederationConfig config = Configurations.with("downlink.retention=2d");

    assertThat(config.downlink().encoding()).isEmpty();
    assertThat(config.downlink().retention()).isEqualTo(Duration.ofDays(2));
    assertThat(config.policy(0).downlink()).isNull();
  }

  @Test
  void presetOfUpdatesEncodesChangesOfVersions() throws Exception {
    DownlinkPolicy policy =
        Configurations.with("downlink.preset=stc(1/100)", "downlink.snapshot-every=20")
            .policy(0)
            .downlink();

    assertThat(policy.encoding().index()).isEqualTo(Index.SMALLEST);
    assertThat(policy.encoding().fit()).isEqualTo(Fit.MEAN_MAGNITUDE);
    assertThat(policy.encoding().fraction()).isEqualTo(0.01);
    assertThat(policy.snapshotEvery()).isEqualTo(20);
    assertThat(policy.retention()).isEqualTo(Duration.ofDays(7));
  }

  @ParameterizedTest
  @ValueSource(strings = {"low-rank(8)", "probabilistic(2, rotated)"})
  void presetWithATransformIsRefused(String preset) {
    assertThat(Configurations.error("downlink.preset=" + preset))
        .isEqualTo(
            "--set: downlink.preset: %s has a transform: the changes of versions are values of"
                    .formatted(preset)
                + " elements, so that clients only add them");
  }

  @ParameterizedTest
  @ValueSource(strings = {"probabilistic(4, plain)", "qsgd(2)", "qsgd(4)"})
  void codeWhoseErrorCanBeLargerThanTheChangeIsRefused(String preset) {
    assertThat(Configurations.error("downlink.preset=" + preset))
        .startsWith("--set: downlink.preset: %s needs at least 5 bits".formatted(preset));
  }

  @Test
  void weightsHaveNoChangesToEncode() {
    assertThat(
            Configurations.error("encoding.reference=weights", "downlink.preset=top-k(0.1, f16)"))
        .startsWith(
            "--set: downlink.preset: top-k(0.1, f16) does not combine with encoding.reference"
                + " weights");
  }

  @Test
  void unknownPresetIsAnsweredWithAllThatThereAre() {
    assertThat(Configurations.error("downlink.preset=zip"))
        .contains("downlink.preset: found 'zip', allowed is none or ")
        .contains("stc(share)");
  }
}

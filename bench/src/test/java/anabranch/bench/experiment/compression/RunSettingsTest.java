// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment.compression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import anabranch.bench.experiment.Where;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RunSettingsTest {

  private static final RunSettings SETTINGS =
      settings("stc(1/100)", List.of("encoding.preset=stc(1/100)"), 1, 120, 0.05, Where.DRIVER);

  private static RunSettings settings(
      String preset, List<String> keys, long seed, int rounds, double rate, Where where) {
    return new RunSettings(preset, keys, "shard(2)", seed, rounds, 20, 10, rate, 20, 1, 1, where);
  }

  /** Results that were computed once are found again by this name. */
  @Test
  void hashOfTheSameSettingsNeverChanges() {
    assertThat(SETTINGS.hash()).isEqualTo("49f2427cb57fd0f9");
  }

  @Test
  void otherSettingsHaveAnotherHash() {
    List<String> stc = SETTINGS.configuration();
    Set<String> hashes =
        Stream.of(
                SETTINGS,
                settings("other", stc, 1, 120, 0.05, Where.DRIVER),
                settings(
                    "stc(1/100)", List.of("encoding.preset=stc(1/50)"), 1, 120, 0.05, Where.DRIVER),
                settings("stc(1/100)", stc, 2, 120, 0.05, Where.DRIVER),
                settings("stc(1/100)", stc, 1, 119, 0.05, Where.DRIVER),
                settings("stc(1/100)", stc, 1, 120, 0.1, Where.DRIVER),
                settings("stc(1/100)", stc, 1, 120, 0.05, Where.CLUSTER))
            .map(RunSettings::hash)
            .collect(Collectors.toSet());
    assertThat(hashes).hasSize(7).allMatch(hash -> hash.matches("[0-9a-f]{16}"));
  }

  @Test
  void accuracyCountsTheLastTenthOfTheRoundsAndCurvesEachFifth() {
    assertThat(LongStream.rangeClosed(1, 120).filter(SETTINGS::counts))
        .containsExactly(109L, 110L, 111L, 112L, 113L, 114L, 115L, 116L, 117L, 118L, 119L, 120L);
    assertThat(LongStream.range(1, 109).filter(SETTINGS::isMeasured))
        .hasSize(21)
        .allMatch(round -> round % 5 == 0);
  }

  @Test
  void wordsBehindAPresetBecomeConfiguration() {
    assertThat(new Preset("fedavg").configuration()).containsExactly("encoding.preset=dense-f32");
    assertThat(new Preset("top-k(0.01) without error feedback").configuration())
        .containsExactly("encoding.preset=top-k(0.01)", "encoding.error-feedback=false");
    assertThat(new Preset("stc(1/100) both ways").configuration())
        .containsExactly("encoding.preset=stc(1/100)", "downlink.preset=stc(1/100)");
  }

  @Test
  void runWithoutRoundsIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings("fedavg", List.of(), 1, 0, 0.05, Where.DRIVER))
        .withMessageContaining("at least 1 round");
  }
}

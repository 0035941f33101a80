// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment.compression;

import static anabranch.bench.experiment.compression.TestRuns.tuned;
import static org.assertj.core.api.Assertions.assertThat;

import anabranch.bench.experiment.Divergence;
import anabranch.bench.experiment.Where;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TuningTest {

  private static final Preset STC = new Preset("stc(1/100)");

  @Test
  void learningRateIsThatOfTheBestMean() {
    Tuning tuning =
        new Tuning(
            List.of(
                tuned(STC.name(), 101, 0.02, 70),
                tuned(STC.name(), 102, 0.02, 70),
                tuned(STC.name(), 101, 0.05, 60),
                tuned(STC.name(), 102, 0.05, 79)),
            List.of(),
            TestRuns.ROUNDS);

    assertThat(tuning.learningRate(STC)).isEqualTo(0.02);
    assertThat(tuning.learningRate(Preset.FEDAVG)).isEqualTo(Tuning.USUAL_LEARNING_RATE);
  }

  @Test
  void onlyRunsOfTheTunedLengthSplitAndShareOfTheDataAreChosenFrom() {
    List<RunResult> tenth =
        List.of(tuned(STC.name(), 101, 0.02, 70), tuned(STC.name(), 102, 0.02, 70));
    List<RunResult> all = new ArrayList<>(tenth);
    for (long seed : Tuning.SEEDS) {
      all.add(TestRuns.result(TestRuns.settings(STC.name(), seed, 0.1, 1, Where.DRIVER), 90, 1));
    }

    assertThat(new Tuning(all, List.of(), TestRuns.ROUNDS).learningRate(STC)).isEqualTo(0.02);
    assertThat(new Tuning(tenth, List.of(), 120).choices()).isEmpty();
  }

  @Test
  void learningRateAtWhichAnyRunDivergedIsNoChoice() {
    List<RunResult> runs =
        List.of(
            tuned(STC.name(), 101, 0.02, 60),
            tuned(STC.name(), 102, 0.02, 60),
            tuned(STC.name(), 101, 0.1, 80),
            tuned(STC.name(), 102, 0.1, 80));
    Divergence<RunSettings> counted =
        new Divergence<>(TestRuns.settings(STC.name(), 1, 0.1, 1, Where.DRIVER), "value 0 is NaN");

    assertThat(new Tuning(runs, List.of(), TestRuns.ROUNDS).learningRate(STC)).isEqualTo(0.1);
    assertThat(new Tuning(runs, List.of(counted), TestRuns.ROUNDS).learningRate(STC))
        .isEqualTo(0.02);
  }

  @Test
  void recommendedHasTheFewestBytesOfThoseThatLoseLittle() {
    List<RunResult> runs = new ArrayList<>();
    for (long seed : Tuning.SEEDS) {
      runs.add(tuned("fedavg", seed, 0.05, 70, 1_000));
      runs.add(tuned("top-k(0.1)", seed, 0.05, 69.6, 100));
      runs.add(tuned("stc(1/100)", seed, 0.05, 69.5, 10));
      runs.add(tuned("stc(1/400)", seed, 0.05, 69.4, 1));
    }
    Tuning tuning = new Tuning(runs, List.of(), TestRuns.ROUNDS);

    assertThat(tuning.recommended().orElseThrow().preset()).isEqualTo(STC);
    assertThat(new Tuning(List.of(), List.of(), TestRuns.ROUNDS).recommended()).isEmpty();
  }

  @Test
  void rateThatHasNotRunWithAllSeedsIsNoChoiceYet() {
    List<RunResult> runs =
        List.of(
            tuned(STC.name(), 101, 0.02, 70),
            tuned(STC.name(), 102, 0.02, 70),
            tuned(STC.name(), 101, 0.05, 90));

    assertThat(new Tuning(runs, List.of(), TestRuns.ROUNDS).learningRate(STC)).isEqualTo(0.02);
  }

  @Test
  void runsOfTuningSeedsAreInNoTable() {
    List<RunResult> runs = List.of(tuned(STC.name(), 101, 0.05, 70));
    Results results =
        new Results(runs, new Tuning(runs, List.of(), TestRuns.ROUNDS), TestRuns.ROUNDS);
    assertThat(results.of(STC, CompressionTable.SHARDS)).isEmpty();
  }
}

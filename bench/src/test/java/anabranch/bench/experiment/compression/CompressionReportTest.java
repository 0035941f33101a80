// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment.compression;

import static anabranch.bench.experiment.compression.TestRuns.ROUNDS;
import static anabranch.bench.experiment.compression.TestRuns.result;
import static anabranch.bench.experiment.compression.TestRuns.settings;
import static anabranch.bench.experiment.compression.TestRuns.tuned;
import static org.assertj.core.api.Assertions.assertThat;

import anabranch.bench.experiment.Divergence;
import anabranch.bench.experiment.RunFolder;
import anabranch.bench.experiment.Where;
import anabranch.bench.federation.DivergedException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompressionReportTest {

  private static final String TOP_K = "top-k(0.1, f16)";

  private static final List<RunResult> RUNS =
      List.of(
          result("fedavg", 1, 80, 30_000_000),
          result("fedavg", 2, 82, 30_000_000),
          result(TOP_K, 1, 79, 2_000_000),
          result(TOP_K, 2, 82, 2_000_000));

  @TempDir Path folder;

  @Test
  void rowTellsPairedDifferenceBoundAndRatio() {
    // Differences −1 and 0: mean −0.5, sd 0.71, t with 1 degree of freedom 6.3138, bound −3.66.
    assertThat(page(RUNS))
        .contains("| `fedavg` | 2 | 81.00 ± 1.41 | – | – | 30.00 | 1.0 | 7.00 | 1.0 |")
        .contains("| `top-k(0.1, f16)` | 2 | 80.50 ± 2.12 | -0.50 ± 0.71 | -3.66 | 2.00 | 15.0 |")
        .contains("**1,000 parameters**")
        .contains("open: 2 of 5 seeds")
        .doesNotContain("Split `iid`");
  }

  @Test
  void runThroughTheClusterCountsBeforeOneInTheDriver() {
    RunSettings cluster = settings("fedavg", 1, Tuning.USUAL_LEARNING_RATE, 1, Where.CLUSTER);

    assertThat(page(List.of(result("fedavg", 1, 80, 1), result(cluster, 70, 1))))
        .contains("| `fedavg` | 1 | 70.00 |")
        .contains("1 of the 1 runs went through a broker")
        .contains("1 went through both, and 1 of these made the same model twice");
  }

  @Test
  void onlyRunsAtTheChosenLearningRateCount() {
    RunSettings other = settings("fedavg", 3, 0.1, 1, Where.DRIVER);
    List<RunResult> runs = new ArrayList<>(RUNS);
    runs.add(result(other, 10, 1));
    assertThat(page(runs)).contains("| `fedavg` | 2 |");

    runs.add(tuned("fedavg", 101, 0.1, 75));
    runs.add(tuned("fedavg", 102, 0.1, 75));
    assertThat(page(runs)).contains("| `fedavg` | 1 | 10.00 |");
  }

  @Test
  void reportDependsOnTheRunsAndNotOnTheirOrder() {
    List<RunResult> shuffled = new ArrayList<>(RUNS);
    Collections.reverse(shuffled);
    assertThat(page(shuffled)).isEqualTo(page(RUNS));
  }

  @Test
  void finishedRunsAreFoundAgainAndNotMadeAgain() throws Exception {
    RunFolder<RunSettings, RunResult> runs = runs();
    RunResult made = RUNS.get(0);

    assertThat(runs.fill(made.settings(), settings -> made)).isTrue();
    assertThat(
            runs.fill(
                made.settings(),
                settings -> {
                  throw new AssertionError("made again");
                }))
        .isFalse();
    assertThat(runs.all()).containsExactly(made);
    assertThat(folder.resolve(CompressionExperiment.RUNS))
        .isDirectoryContaining(
            file -> file.getFileName().toString().equals(made.settings().hash() + ".json"));
  }

  @Test
  void runThatFailsLeavesNoResult() throws Exception {
    RunFolder<RunSettings, RunResult> runs = runs();
    try {
      runs.fill(
          RUNS.get(0).settings(),
          settings -> {
            throw new IllegalStateException("diverged");
          });
    } catch (IllegalStateException e) {
      assertThat(e).hasMessage("diverged");
    }
    assertThat(runs.all()).isEmpty();
    assertThat(runs.fill(RUNS.get(0).settings(), settings -> RUNS.get(0))).isTrue();
  }

  @Test
  void runThatDivergesIsKeptAsSuchAndNotTriedAgain() throws Exception {
    RunFolder<RunSettings, RunResult> runs = runs();
    RunSettings settings = settings("fedavg", 1);
    RunFolder.Work<RunSettings, RunResult> diverging =
        wanted -> {
          throw new DivergedException("value 0 is NaN");
        };

    assertThat(runs.fill(settings, diverging)).isTrue();

    assertThat(runs.all()).isEmpty();
    assertThat(runs.hasDiverged(settings)).isTrue();
    assertThat(runs.divergences()).containsExactly(new Divergence<>(settings, "value 0 is NaN"));
    assertThat(runs.fill(settings, diverging)).isFalse();
  }

  @Test
  void tableJsonAndCurvesAreWrittenFromTheFolder() throws Exception {
    RunFolder<RunSettings, RunResult> runs = runs();
    for (RunResult run : RUNS) {
      runs.fill(run.settings(), settings -> run);
    }

    PrintStream nowhere =
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    new CompressionExperiment(folder, ROUNDS, nowhere).report();

    assertThat(folder.resolve("compression.md")).hasContent(page(RUNS));
    assertThat(Files.readString(folder.resolve("compression.json")))
        .contains("\"preset\" : \"fedavg\"")
        .contains("\"where\" : \"driver\"")
        .contains("\"uplinkBytes\" : 30000000")
        .doesNotContain("evaluations");
    for (CompressionPlots.Axis axis : CompressionPlots.Axis.values()) {
      assertThat(folder.resolve(axis.file())).content().contains("<svg");
    }
  }

  private RunFolder<RunSettings, RunResult> runs() {
    return new RunFolder<>(
        folder.resolve(CompressionExperiment.RUNS), RunSettings.class, RunResult.class);
  }

  private static String page(List<RunResult> runs) {
    Tuning tuning = new Tuning(runs, List.of(), TestRuns.ROUNDS);
    return new CompressionReport(new Results(runs, tuning, ROUNDS), tuning, List.of(), ROUNDS)
        .page();
  }
}

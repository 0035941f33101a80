// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment.scalefl;

import anabranch.bench.experiment.Page;
import anabranch.bench.experiment.RunFolder;
import anabranch.bench.experiment.RunMaker;
import anabranch.bench.experiment.Where;
import anabranch.bench.experiment.scalefl.ScaleflTable.Cell;
import anabranch.client.data.FederatedDataset;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * What block-wise training is worth where few clients can train the whole model: a residual network
 * on Fashion-MNIST, 100 clients, 10 a round. Runs are files in a folder; the report is made from
 * what lies there.
 */
public final class ScaleflExperiment {

  /** Where runs lie in the folder of results. */
  static final String RUNS = "runs/scalefl";

  /** Of a run in {@code scalefl.json}. */
  private static final Set<String> COLUMNS =
      Set.of(
          "method",
          "partition",
          "seed",
          "rounds",
          "accuracy",
          "participation",
          "peakMemoryBytes",
          "uplinkBytes",
          "downlinkBytes",
          "clientComputeFlops",
          "seconds",
          "where",
          "modelSha256");

  private static final double MEGABYTE = 1e6;
  private static final double MEBIBYTE = 1 << 20;
  private static final double TERA = 1e12;
  private static final double PERCENT = 100;

  private final FederatedDataset data;
  private final Path output;
  private final RunFolder<ScaleflSettings, ScaleflResult> runs;
  private final RunMaker<ScaleflSettings, ScaleflResult> maker;
  private final int rounds;
  private final PrintStream out;

  /**
   * @param data Fashion-MNIST; the table needs all 60,000 training images
   * @param output folder of results; runs lie in {@link #RUNS} below it
   * @param rounds of a run
   * @param out is told of every run
   */
  public ScaleflExperiment(FederatedDataset data, Path output, int rounds, PrintStream out) {
    this.data = data;
    this.output = output;
    this.runs = new RunFolder<>(output.resolve(RUNS), ScaleflSettings.class, ScaleflResult.class);
    this.maker =
        new RunMaker<>(
            runs, settings -> ScaleflRun.of(settings, data), ScaleflExperiment::told, out);
    this.rounds = rounds;
    this.out = out;
  }

  /**
   * Makes the runs that are not there, with the knobs that were chosen. Where a run diverges, the
   * best of the other knobs are taken for all seeds of its method.
   */
  public void fill(List<Cell> cells, Where where) throws Exception {
    for (Cell cell : cells) {
      maker.make(() -> settings(cell, where));
    }
  }

  private ScaleflSettings settings(Cell cell, Where where) throws IOException {
    return ScaleflTable.settings(
        cell, rounds, tuning().knobs(cell.method()), data.train().size(), where);
  }

  private Tuning tuning() throws IOException {
    return new Tuning(runs.all(), runs.divergences(), rounds);
  }

  /**
   * Makes the runs from which learning rates and curricula are chosen.
   *
   * @param chosen methods; empty for all that are no variants
   * @throws IllegalArgumentException if one of them is a variant
   */
  public void tune(List<Method> chosen) throws Exception {
    List<Method> methods = Tuning.methods(chosen);
    // Once for the learning rates, once for what follows from them; where another process has a
    // run of the first under way, that one makes the second.
    for (int pass = 0; pass < 2; pass++) {
      for (Method method : methods) {
        for (Knobs knobs : tuning().toTry(method)) {
          for (long seed : Tuning.SEEDS) {
            maker.make(ScaleflTable.tuning(method, seed, rounds, knobs, data.train().size()));
          }
        }
      }
    }
    for (Tuning.Choice choice : tuning().choices()) {
      out.println(
          Page.format(
              "%s: learning rate %s, strength %s, %.2f %%",
              choice.method().label(),
              choice.knobs().learningRate(),
              choice.knobs().strength(),
              choice.accuracy()));
    }
  }

  private static String told(ScaleflSettings settings, ScaleflResult result) {
    return Page.format(
        "%.2f %%, %.0f %% took part, %.1f MiB, %.1f MB up, %.1f MB down, %.2f TFLOP, %.0f s",
        result.accuracy(),
        PERCENT * result.participation(),
        result.peakMemoryBytes() / MEBIBYTE,
        result.uplinkBytes() / MEGABYTE,
        result.downlinkBytes() / MEGABYTE,
        result.clientComputeFlops() / TERA,
        result.seconds());
  }

  /** Writes table, plots and the array of runs from what lies in the folder. */
  public void report() throws IOException {
    Tuning tuning = tuning();
    Results results = new Results(runs.all(), tuning, rounds);
    if (results.all().isEmpty()) {
      out.println("no run of %d rounds that counts lies in %s".formatted(rounds, output));
      return;
    }
    Path page = output.resolve("scalefl.md");
    Files.writeString(page, new ScaleflReport(results, tuning, runs.divergences(), rounds).page());
    ScaleflPlots.write(results, output);
    RunFolder.writeTable(results.all(), COLUMNS, output.resolve("scalefl.json"));
    out.println("written to " + page);
  }
}

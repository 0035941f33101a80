// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment.compression;

import anabranch.bench.experiment.Page;
import anabranch.bench.experiment.RunFolder;
import anabranch.bench.experiment.RunMaker;
import anabranch.bench.experiment.Where;
import anabranch.bench.experiment.compression.CompressionTable.Cell;
import anabranch.client.data.Partition;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What compression of updates costs and saves: a small convolutional net on Fashion-MNIST, 20
 * clients, 10 a round. Runs are files in a folder; the report is made from what lies there.
 */
public final class CompressionExperiment {

  /** Where runs lie in the folder of results. */
  static final String RUNS = "runs/compression";

  /** Of a run in {@code compression.json}. */
  private static final Set<String> COLUMNS =
      Set.of(
          "preset",
          "partition",
          "seed",
          "rounds",
          "parameters",
          "accuracy",
          "uplinkBytes",
          "downlinkBytes",
          "where",
          "modelSha256");

  private static final double MEGABYTE = 1e6;

  private final Path output;
  private final RunFolder<RunSettings, RunResult> runs;
  private final RunMaker<RunSettings, RunResult> maker;
  private final int rounds;
  private final PrintStream out;

  /**
   * @param output folder of results; runs lie in {@link #RUNS} below it
   * @param rounds of a run
   * @param out is told of every run
   */
  public CompressionExperiment(Path output, int rounds, PrintStream out) {
    this.output = output;
    this.runs = new RunFolder<>(output.resolve(RUNS), RunSettings.class, RunResult.class);
    this.maker = new RunMaker<>(runs, FederationRun::of, CompressionExperiment::told, out);
    this.rounds = rounds;
    this.out = out;
  }

  /**
   * Makes the runs that are not there, at the learning rates that were chosen. Where a run
   * diverges, the best of the other rates is taken for all seeds of its preset.
   *
   * @throws IllegalArgumentException if a preset is not sound; no run is made then
   */
  public void fill(List<Cell> cells, Where where) throws Exception {
    for (Cell cell : cells) {
      demandSound(settings(cell, where));
    }
    for (Cell cell : cells) {
      maker.make(() -> settings(cell, where));
    }
  }

  private RunSettings settings(Cell cell, Where where) throws IOException {
    return CompressionTable.settings(cell, rounds, tuning().learningRate(cell.preset()), 1, where);
  }

  private Tuning tuning() throws IOException {
    return new Tuning(runs.all(), runs.divergences(), rounds);
  }

  private static void demandSound(RunSettings settings) {
    Workload.config(settings, Where.NO_BROKER);
    Partition.parse(settings.partition());
  }

  /** Makes the runs from which learning rates and the recommended preset are chosen. */
  public void tune(List<Preset> presets) throws Exception {
    for (Preset preset : presets) {
      for (double learningRate : Tuning.LEARNING_RATES) {
        for (long seed : Tuning.SEEDS) {
          Cell cell = new Cell(preset, CompressionTable.SHARDS, seed);
          RunSettings settings =
              CompressionTable.settings(
                  cell, rounds, learningRate, Tuning.TRAINING_SHARE, Where.DRIVER);
          demandSound(settings);
          maker.make(settings);
        }
      }
    }
    tell(tuning());
  }

  private void tell(Tuning tuning) {
    for (Tuning.Choice choice : tuning.choices()) {
      out.println(
          Page.format(
              "%s: learning rate %s, %.2f %%, %.1f MB up and down",
              choice.preset(),
              choice.learningRate(),
              choice.accuracy(),
              choice.bytes() / MEGABYTE));
    }
    tuning.recommended().ifPresent(choice -> out.println("recommended: " + choice.preset()));
  }

  private static String told(RunSettings settings, RunResult result) {
    return Page.format(
        "learning rate %s, %.2f %%, %.3f MB up, %.3f MB down, %.0f s",
        settings.learningRate(),
        result.accuracy(),
        result.uplinkBytes() / MEGABYTE,
        result.downlinkBytes() / MEGABYTE,
        result.seconds());
  }

  /** Writes table, plots and the array of runs from what lies in the folder. */
  public void report() throws IOException {
    List<RunResult> all = runs.all();
    Tuning tuning = tuning();
    Results results = new Results(all, tuning, rounds);
    List<RunResult> counted = new ArrayList<>();
    for (String partition : CompressionTable.PARTITIONS) {
      counted.addAll(results.all(CompressionTable.presets(partition), List.of(partition)));
    }
    if (counted.isEmpty()) {
      out.println("no run of %d rounds that counts lies in %s".formatted(rounds, output));
      return;
    }
    new CompressionReport(results, tuning, runs.divergences(), rounds)
        .write(output.resolve("compression.md"));
    CompressionPlots.write(results, output);
    RunFolder.writeTable(counted, COLUMNS, output.resolve("compression.json"));
    out.println("written to " + output.resolve("compression.md"));
  }
}

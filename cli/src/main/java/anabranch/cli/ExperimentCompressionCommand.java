// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import anabranch.bench.experiment.compression.CompressionExperiment;
import anabranch.bench.experiment.compression.CompressionTable;
import anabranch.bench.experiment.compression.CompressionTable.Cell;
import anabranch.bench.experiment.compression.Preset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code anabranch experiment compression}. */
@Command(
    name = "compression",
    sortOptions = false,
    description = {
      "Trains with compressed updates and tells what that costs in accuracy and saves in bytes.",
      "Without options it makes all runs of the table, which takes hours. Finished runs are kept, one"
          + " file each, and not made again; processes that are started beside each other share the"
          + " work. At the end table, plots and compression.json are written from what is there."
    })
final class ExperimentCompressionCommand implements Callable<Integer> {

  /** A comma inside parentheses belongs to a preset. */
  private static final String COMMA = ",(?![^(]*\\))";

  private static final List<Long> CLAIM_SEEDS = List.of(1L, 2L, 3L, 4L, 5L);
  private static final int QUICK_ROUNDS = 10;
  private static final List<String> QUICK_PRESETS =
      List.of("fedavg", "top-k(0.1, f16)", "stc(1/100) both ways");

  @Mixin private ExperimentOptions options;

  @Option(
      names = "--preset",
      split = COMMA,
      splitSynopsisLabel = ",",
      paramLabel = "NAME",
      description =
          "encoding presets, separated by commas (default: those of the table); 'fedavg' is the"
              + " uncompressed run, ' both ways' and ' without error feedback' may stand behind a name")
  private List<String> presets = List.of();

  @Option(
      names = "--partition",
      split = COMMA,
      splitSynopsisLabel = ",",
      paramLabel = "SPLIT",
      description =
          "splits, separated by commas (default: those of the table, with --preset: shard(2))")
  private List<String> partitions = List.of();

  @Override
  public Integer call() throws Exception {
    CompressionExperiment experiment =
        new CompressionExperiment(
            options.output(), options.rounds(CompressionTable.ROUNDS, QUICK_ROUNDS), System.out);
    if (options.tune()) {
      experiment.tune(
          presets.isEmpty()
              ? CompressionTable.tuned()
              : presets.stream().map(String::strip).map(Preset::new).toList());
    } else if (!options.report()) {
      experiment.fill(options.quick() ? quickCells() : cells(), options.where());
    }
    experiment.report();
    return 0;
  }

  private static List<Cell> quickCells() {
    return QUICK_PRESETS.stream()
        .map(preset -> new Cell(new Preset(preset), CompressionTable.SHARDS, 1))
        .toList();
  }

  /** The presets that were asked for with every seed and split, else the table as far as it was. */
  private List<Cell> cells() {
    if (presets.isEmpty()) {
      return CompressionTable.cells().stream()
          .filter(cell -> partitions.isEmpty() || partitions.contains(cell.partition()))
          .filter(cell -> options.seeds().isEmpty() || options.seeds().contains(cell.seed()))
          .toList();
    }
    List<Cell> cells = new ArrayList<>();
    for (String split : partitions.isEmpty() ? List.of(CompressionTable.SHARDS) : partitions) {
      for (long seed : options.seeds().isEmpty() ? CLAIM_SEEDS : options.seeds()) {
        for (String preset : presets) {
          cells.add(new Cell(new Preset(preset.strip()), split, seed));
        }
      }
    }
    return cells;
  }
}

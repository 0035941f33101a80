// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import anabranch.bench.experiment.compression.CompressionExperiment;
import anabranch.bench.experiment.compression.CompressionTable;
import anabranch.bench.experiment.compression.CompressionTable.Cell;
import anabranch.bench.experiment.compression.Preset;
import anabranch.bench.experiment.compression.RunSettings.Where;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
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
  private static final Path QUICK_OUTPUT = Path.of("runs/experiment-quick");
  private static final List<String> QUICK_PRESETS =
      List.of("fedavg", "top-k(0.1, f16)", "stc(1/100) both ways");

  /** What is done instead of making the table's runs. */
  private static final class Mode {

    @Option(
        names = "--quick",
        description = "a small version in less than three minutes: three presets, one seed")
    private boolean quick;

    @Option(
        names = "--tune",
        description =
            "makes the runs from which learning rates and the recommended preset are chosen:"
                + " seeds 101 and 102, a tenth of the training data")
    private boolean tune;

    @Option(names = "--report", description = "makes no run, only writes what is there")
    private boolean report;
  }

  @ArgGroup private Mode mode = new Mode();

  @Option(
      names = "--preset",
      split = COMMA,
      paramLabel = "NAME",
      description =
          "encoding presets, separated by commas (default: those of the table); 'fedavg' is the"
              + " uncompressed run, ' both ways' and ' without error feedback' may stand behind a name")
  private List<String> presets = List.of();

  @Option(
      names = "--partition",
      split = COMMA,
      paramLabel = "SPLIT",
      description =
          "splits, separated by commas (default: those of the table, with --preset: shard(2))")
  private List<String> partitions = List.of();

  @Option(
      names = "--seed",
      split = ",",
      paramLabel = "SEED",
      description = "separated by commas (default: those of the table, with --preset: 1 to 5)")
  private List<Long> seeds = List.of();

  @Option(names = "--rounds", paramLabel = "N", description = "of a run (default: 120)")
  private Integer rounds;

  @Option(
      names = "--where",
      defaultValue = "driver",
      description =
          "cluster (through a broker and Flink) or driver (in one thread; the same bits)"
              + " (default: driver)")
  private Where where;

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      description = "where results lie (default: docs/results)")
  private Path out;

  @Override
  public Integer call() throws Exception {
    CompressionExperiment experiment = new CompressionExperiment(folder(), rounds(), System.out);
    if (mode.tune) {
      experiment.tune(
          presets.isEmpty()
              ? CompressionTable.tuned()
              : presets.stream().map(String::strip).map(Preset::new).toList());
    } else if (!mode.report) {
      experiment.fill(mode.quick ? quickCells() : cells(), where);
    }
    experiment.report();
    return 0;
  }

  private Path folder() {
    Path usual = mode.quick ? QUICK_OUTPUT : Path.of("docs/results");
    return out == null ? usual : out;
  }

  private int rounds() {
    int usual = mode.quick ? QUICK_ROUNDS : CompressionTable.ROUNDS;
    return rounds == null ? usual : rounds;
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
          .filter(cell -> seeds.isEmpty() || seeds.contains(cell.seed()))
          .toList();
    }
    List<Cell> cells = new ArrayList<>();
    for (String split : partitions.isEmpty() ? List.of(CompressionTable.SHARDS) : partitions) {
      for (long seed : seeds.isEmpty() ? CLAIM_SEEDS : seeds) {
        for (String preset : presets) {
          cells.add(new Cell(new Preset(preset.strip()), split, seed));
        }
      }
    }
    return cells;
  }
}

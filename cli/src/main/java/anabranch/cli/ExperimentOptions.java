// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import anabranch.bench.experiment.Where;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** What every experiment asks for whose runs are files. */
final class ExperimentOptions {

  private static final Path OUTPUT = Path.of("docs/results");
  private static final Path QUICK_OUTPUT = Path.of("runs/experiment-quick");

  /** What is done instead of making the table's runs. */
  private static final class Mode {

    @Option(names = "--quick", description = "a small version in less than three minutes")
    private boolean quick;

    @Option(
        names = "--tune",
        description =
            "makes the runs from which settings are chosen: seeds 101 and 102, a tenth of the"
                + " training data")
    private boolean tune;

    @Option(names = "--report", description = "makes no run, only writes what is there")
    private boolean report;
  }

  @ArgGroup private Mode mode = new Mode();

  @Option(
      names = "--seed",
      split = ",",
      paramLabel = "SEED",
      description = "separated by commas (default: those of the table)")
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

  boolean quick() {
    return mode.quick;
  }

  boolean tune() {
    return mode.tune;
  }

  boolean report() {
    return mode.report;
  }

  /** Empty for those of the table. */
  List<Long> seeds() {
    return seeds;
  }

  /**
   * @param usual of a run that counts
   * @param quick of the small version
   */
  int rounds(int usual, int quick) {
    if (rounds != null) {
      return rounds;
    }
    return mode.quick ? quick : usual;
  }

  Where where() {
    return where;
  }

  Path output() {
    if (out != null) {
      return out;
    }
    return mode.quick ? QUICK_OUTPUT : OUTPUT;
  }
}

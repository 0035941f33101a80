// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import anabranch.bench.experiment.scalefl.Method;
import anabranch.bench.experiment.scalefl.ScaleflExperiment;
import anabranch.bench.experiment.scalefl.ScaleflTable;
import anabranch.bench.experiment.scalefl.ScaleflTable.Cell;
import anabranch.client.data.DatasetCatalog;
import anabranch.client.data.FederatedDataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code anabranch experiment scalefl}. */
@Command(
    name = "scalefl",
    sortOptions = false,
    description = {
      "Trains block by block where few clients have the memory for the whole model, beside what"
          + " others do there.",
      "Without options it makes all runs of the table, which takes many hours. Finished runs are"
          + " kept, one file each, and not made again; processes that are started beside each other"
          + " share the work. At the end table, plots and scalefl.json are written from what is"
          + " there."
    })
final class ExperimentScaleflCommand implements Callable<Integer> {

  private static final int QUICK_ROUNDS = 8;

  /** Where Debian's and Ubuntu's package dataset-fashion-mnist puts the full set. */
  private static final Path PACKAGED = Path.of("/usr/share/datasets/fashion-mnist");

  private static final int FULL_SAMPLES = 60_000;

  @Mixin private ExperimentOptions options;

  @Option(
      names = "--method",
      split = ",",
      paramLabel = "NAME",
      description =
          "separated by commas (default: all of the table, for --tune without the variants of"
              + " scalefl, which have what is chosen for it)")
  private List<String> methods = List.of();

  @Option(
      names = "--partition",
      split = ",",
      paramLabel = "SPLIT",
      description = "splits, separated by commas (default: those of the table)")
  private List<String> partitions = List.of();

  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      description =
          "folder with all 60,000 training images (default: /usr/share/datasets/fashion-mnist, where"
              + " the package dataset-fashion-mnist of Debian and Ubuntu puts them)")
  private Path data;

  @Override
  public Integer call() throws Exception {
    List<Method> chosen = methods.stream().map(String::strip).map(Method::named).toList();
    ScaleflExperiment experiment =
        new ScaleflExperiment(
            read(),
            options.output(),
            options.rounds(ScaleflTable.ROUNDS, QUICK_ROUNDS),
            System.out);
    if (options.tune()) {
      experiment.tune(chosen);
    } else if (!options.report()) {
      experiment.fill(options.quick() ? quickCells() : cells(chosen), options.where());
    }
    experiment.report();
    return 0;
  }

  private FederatedDataset read() throws IOException {
    Path folder = data == null && Files.isDirectory(PACKAGED) ? PACKAGED : data;
    boolean shipped = options.quick() || options.report();
    FederatedDataset read =
        DatasetCatalog.FASHION_MNIST.open(
            shipped && data == null ? Optional.empty() : Optional.ofNullable(folder));
    if (!shipped && read.train().size() < FULL_SAMPLES) {
      throw new IOException(
          ("a hundred clients need all %,d training images of Fashion-MNIST, here are %,d: install"
                  + " the package dataset-fashion-mnist, or name their folder with --data")
              .formatted(FULL_SAMPLES, read.train().size()));
    }
    return read;
  }

  private static List<Cell> quickCells() {
    return List.of(
        new Cell(Method.HETEROFL, ScaleflTable.CORE_PARTITION, 1),
        new Cell(Method.SCALEFL, ScaleflTable.CORE_PARTITION, 1));
  }

  /** What of the table was asked for, in its order. */
  private List<Cell> cells(List<Method> chosen) {
    return ScaleflTable.cells().stream()
        .filter(cell -> chosen.isEmpty() || chosen.contains(cell.method()))
        .filter(cell -> partitions.isEmpty() || partitions.contains(cell.partition()))
        .filter(cell -> options.seeds().isEmpty() || options.seeds().contains(cell.seed()))
        .toList();
  }
}

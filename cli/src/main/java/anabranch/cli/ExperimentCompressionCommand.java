// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import anabranch.bench.experiment.CompressionExperiment;
import anabranch.bench.experiment.Preset;
import anabranch.bench.experiment.RunSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code anabranch experiment compression}. */
@Command(
    name = "compression",
    sortOptions = false,
    description = {
      "Trains with compressed updates and tells what it costs in accuracy and saves in bytes.",
      "Finished runs are kept, one file each, and not made again."
    })
final class ExperimentCompressionCommand implements Callable<Integer> {

  /** A comma inside parentheses belongs to a preset. */
  private static final String COMMA = ",(?![^(]*\\))";

  private static final int CLIENTS = 20;
  private static final int COHORT = 10;
  private static final int BATCH = 20;

  @Option(
      names = "--preset",
      split = COMMA,
      paramLabel = "NAME",
      description = "methods, separated by commas")
  private List<String> presets = List.of("fedavg", "top-k(0.1)");

  @Option(
      names = "--partition",
      split = ",",
      defaultValue = "shard(2)",
      description = "splits, separated by commas (default: shard(2))")
  private List<String> partitions;

  @Option(
      names = "--seed",
      split = ",",
      defaultValue = "1,2,3,4,5",
      description = "separated by commas (default: 1,2,3,4,5)")
  private List<Long> seeds;

  @Option(names = "--rounds", defaultValue = "120", description = "of a run (default: 120)")
  private int rounds;

  @Option(
      names = "--learning-rate",
      defaultValue = "0.05",
      description = "of the clients (default: 0.05)")
  private double learningRate;

  @Option(
      names = "--training-share",
      defaultValue = "1",
      description = "share of the training samples that are used (default: 1)")
  private double trainingShare;

  @Option(
      names = "--where",
      defaultValue = "driver",
      description =
          "cluster (broker and Flink) or driver (one thread, same bits) (default: driver)")
  private RunSettings.Where where;

  @Option(
      names = "--out",
      defaultValue = "docs/results",
      paramLabel = "FOLDER",
      description = "where results lie (default: docs/results)")
  private Path out;

  @Override
  public Integer call() throws Exception {
    List<RunSettings> wanted = new ArrayList<>();
    for (String partition : partitions) {
      for (long seed : seeds) {
        for (String preset : presets) {
          wanted.add(settings(Preset.named(preset), partition, seed));
        }
      }
    }
    new CompressionExperiment(out, System.out).fill(wanted);
    return 0;
  }

  private RunSettings settings(Preset preset, String partition, long seed) {
    return new RunSettings(
        preset.name(),
        preset.configuration(),
        partition,
        seed,
        rounds,
        CLIENTS,
        COHORT,
        learningRate,
        BATCH,
        1,
        trainingShare,
        where);
  }
}

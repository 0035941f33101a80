// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import anabranch.bench.pipeline.PartsOrder;
import anabranch.bench.pipeline.PipelineBenchmark;
import anabranch.bench.pipeline.PipelineSettings;
import anabranch.bench.testbed.Codec;
import anabranch.bench.testbed.Testbed;
import java.io.PrintStream;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code anabranch bench pipeline}. */
@Command(
    name = "pipeline",
    sortOptions = false,
    description = {
      "Measures the job's throughput: rounds lie ready in Kafka, then the job may read them.",
      "Broker, JobManager and TaskManager are processes of their own. The last line is JSON."
    })
final class BenchPipelineCommand implements Callable<Integer> {

  /** What can be measured. */
  private enum Measure {
    THROUGHPUT,
    MEMORY
  }

  @Option(
      names = "--measure",
      split = ",",
      defaultValue = "throughput",
      description = "throughput, memory (10 and 100 clients) or both (default: throughput)")
  private Set<Measure> measures;

  @Option(
      names = "--parameters",
      defaultValue = "21797672",
      description = "of the model (default: 21797672, those of ResNet-34)")
  private int parameters;

  @Option(names = "--clients", defaultValue = "10", description = "a round (default: 10)")
  private int clients;

  @Option(
      names = "--memory-parameters",
      defaultValue = "1000000",
      description =
          "of the model when memory is measured: 100 updates must fit the budget (default: 1000000)")
  private int memoryParameters;

  @Option(
      names = "--codec",
      defaultValue = "dense-f32",
      description =
          "dense-f32, dense-f16, top-k (a tenth) or stc (a hundredth) (default: dense-f32)")
  private String codec;

  @Option(
      names = "--order",
      defaultValue = "contiguous",
      description =
          "of the records in the log: random over all clients, or client after client: contiguous"
              + " (default: contiguous)")
  private PartsOrder order;

  @Option(
      names = "--warm-up",
      defaultValue = "10",
      description = "rounds before those that are measured, while the JVMs compile (default: 10)")
  private int warmUp;

  @Option(names = "--rounds", defaultValue = "5", description = "measured (default: 5)")
  private int rounds;

  @Option(
      names = "--hold-budget",
      defaultValue = "1gb",
      description = "of the federation (default: 1gb)")
  private String holdBudget;

  @Mixin private BenchCluster cluster;

  @Override
  public Integer call() throws Exception {
    PrintStream out = System.out;
    PipelineSettings settings =
        new PipelineSettings(
            parameters,
            clients,
            Codec.named(codec),
            order,
            cluster.parallelism,
            cluster.stateBackend,
            warmUp,
            rounds,
            holdBudget,
            cluster.configuration);
    try (Testbed testbed = Testbed.start(cluster.settings())) {
      PipelineBenchmark benchmark = new PipelineBenchmark(testbed, out);
      if (measures.contains(Measure.THROUGHPUT)) {
        benchmark.throughput(settings);
      }
      if (measures.contains(Measure.MEMORY)) {
        benchmark.memory(settings, memoryParameters);
      }
      out.println(benchmark.json());
      return 0;
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import anabranch.bench.round.RoundBenchmark;
import anabranch.bench.round.RoundCase;
import anabranch.bench.round.RoundSettings;
import anabranch.bench.testbed.Testbed;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code anabranch bench round}. */
@Command(
    name = "round",
    sortOptions = false,
    description = {
      "Times rounds from plan to plan, with clients that train nothing: model down, updates up.",
      "Broker, JobManager and TaskManager are processes of their own. The last line is JSON."
    })
final class BenchRoundCommand implements Callable<Integer> {

  @Option(
      names = "--case",
      split = ",",
      paramLabel = "CLIENTSxPARAMETERS",
      defaultValue = "2x100,8x21797672",
      description = "federations to time (default: 2x100,8x21797672)")
  private List<String> cases;

  @Option(names = "--rounds", defaultValue = "10", description = "timed in each (default: 10)")
  private int rounds;

  @Mixin private BenchCluster cluster;

  @Override
  public Integer call() throws Exception {
    List<RoundCase> parsed = cases.stream().map(RoundCase::parse).toList();
    RoundSettings settings =
        new RoundSettings(rounds, cluster.parallelism, cluster.stateBackend, cluster.configuration);
    try (Testbed testbed = Testbed.start(cluster.settings())) {
      RoundBenchmark benchmark = new RoundBenchmark(testbed, System.out);
      for (RoundCase next : parsed) {
        benchmark.run(next, settings);
      }
      System.out.println(benchmark.json());
      return 0;
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import anabranch.bench.kernel.KernelBenchmark;
import anabranch.bench.kernel.KernelEffort;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code anabranch bench kernels}. */
@Command(
    name = "kernels",
    sortOptions = false,
    description = {
      "Measures decoders, sums, encoders and serializers, each in a JVM of its own,",
      "and their ratio to float[] += float[]."
    })
final class BenchKernelsCommand implements Callable<Integer> {

  @Option(names = "--quick", description = "some of them, in about a minute")
  private boolean quick;

  @Option(
      names = "--json",
      defaultValue = "runs/bench-kernels.json",
      paramLabel = "FILE",
      description = "where the figures go too (default: runs/bench-kernels.json)")
  private Path json;

  @Override
  public Integer call() throws Exception {
    KernelEffort effort = quick ? KernelEffort.QUICK : KernelEffort.THOROUGH;
    KernelBenchmark benchmark = new KernelBenchmark(effort, System.out);
    benchmark.run();
    benchmark.write(json);
    System.out.println("written to " + json.toAbsolutePath().normalize());
    return 0;
  }
}

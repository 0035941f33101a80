// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What compression of updates costs and saves: a small convolutional net on Fashion-MNIST, 20
 * clients, 10 a round.
 */
public final class CompressionExperiment {

  private final RunFolder runs;
  private final PrintStream out;

  /**
   * @param output folder of results; runs lie in {@code runs} below it
   * @param out is told of every run
   */
  public CompressionExperiment(Path output, PrintStream out) {
    this.runs = new RunFolder(output.resolve("runs"));
    this.out = out;
  }

  /** Makes the runs that are not there. */
  public void fill(List<RunSettings> wanted) throws Exception {
    for (RunSettings settings : wanted) {
      boolean ran = runs.fill(settings, this::run);
      if (!ran) {
        out.println("there, or under way: " + settings.describe());
      }
    }
  }

  private RunResult run(RunSettings settings) throws Exception {
    out.println("begins: " + settings.describe());
    RunResult result =
        switch (settings.where()) {
          case DRIVER -> DriverRun.run(settings);
          case CLUSTER -> throw new IllegalArgumentException("not yet");
        };
    out.println(
        String.format(
            Locale.ROOT,
            "%s: %.2f %%, %.3f MB up, %.3f MB down, %.0f s, %s.json",
            settings.describe(),
            result.accuracy(),
            result.uplinkBytes() / 1e6,
            result.downlinkBytes() / 1e6,
            result.seconds(),
            settings.hash()));
    return result;
  }
}

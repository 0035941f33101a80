// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment.compression;

import anabranch.bench.experiment.CurvePlot;
import anabranch.bench.experiment.compression.RunResult.Point;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/** Accuracy of the main presets over what it costs, as SVG files. */
final class CompressionPlots {

  /** Seconds a round beside sending: half for training, half for the checkpoint. */
  static final double SECONDS_A_ROUND = 1;

  private static final double MEGABYTE = 1e6;
  private static final double BITS = 8;
  private static final double MEGABIT = 1e6;

  /** What lies along the horizontal axis. */
  enum Axis {
    ROUNDS("rounds", "Accuracy over rounds", "round"),
    UPLINK("uplink", "Accuracy over uplink of all clients", "MB sent"),
    DOWNLINK("downlink", "Accuracy over downlink of all clients", "MB read"),
    TIME_1("time-1mbit", "Accuracy over time, uplink 1 Mbit/s", "seconds"),
    TIME_10("time-10mbit", "Accuracy over time, uplink 10 Mbit/s", "seconds");

    private final String name;
    private final String title;
    private final String unit;

    Axis(String name, String title, String unit) {
      this.name = name;
      this.title = title;
      this.unit = unit;
    }

    String title() {
      return title;
    }

    String file() {
      return "compression-" + name + ".svg";
    }

    private double of(Point point) {
      return switch (this) {
        case ROUNDS -> point.round();
        case UPLINK -> point.uplinkBytes() / MEGABYTE;
        case DOWNLINK -> point.downlinkBytes() / MEGABYTE;
        case TIME_1 -> seconds(point, 1);
        case TIME_10 -> seconds(point, 10);
      };
    }

    private static double seconds(Point point, double megabits) {
      return point.slowestUplinkBytes() * BITS / (megabits * MEGABIT)
          + point.round() * SECONDS_A_ROUND;
    }
  }

  private CompressionPlots() {}

  /** Writes a file for each axis. */
  static void write(Results results, Path folder) throws IOException {
    for (Axis axis : Axis.values()) {
      // Methods differ by orders of magnitude in what they cost.
      CurvePlot plot =
          new CurvePlot(axis.title, axis.unit, "test accuracy, %").logarithmic(axis != Axis.ROUNDS);
      for (Preset preset : CompressionTable.MAIN) {
        Collection<RunResult> runs = results.of(preset, CompressionTable.SHARDS).values();
        if (!runs.isEmpty()) {
          add(plot, preset, axis, List.copyOf(runs));
        }
      }
      plot.write(folder.resolve(axis.file()));
    }
  }

  /** Runs of one preset are measured after the same rounds. */
  private static void add(CurvePlot plot, Preset preset, Axis axis, List<RunResult> runs) {
    int points = runs.get(0).evaluations().size();
    double[] x = new double[points];
    double[] y = new double[points];
    for (int i = 0; i < points; i++) {
      int point = i;
      List<Point> same = runs.stream().map(run -> run.evaluations().get(point)).toList();
      x[i] = same.stream().mapToDouble(axis::of).average().orElseThrow();
      y[i] = same.stream().mapToDouble(Point::accuracy).average().orElseThrow();
    }
    plot.add(preset.name(), x, y);
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment.compression;

import anabranch.bench.experiment.compression.RunResult.Point;
import java.awt.BasicStroke;
import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Accuracy of the main presets over what it costs, as SVG files. */
final class CompressionPlots {

  /** Seconds a round beside sending: half for training, half for the checkpoint. */
  static final double SECONDS_A_ROUND = 1;

  private static final int WIDTH = 720;
  private static final int HEIGHT = 420;
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
      XYChart chart = chart(axis);
      for (Preset preset : CompressionTable.MAIN) {
        Collection<RunResult> runs = results.of(preset, CompressionTable.SHARDS).values();
        if (!runs.isEmpty()) {
          add(chart, preset, axis, List.copyOf(runs));
        }
      }
      if (!chart.getSeriesMap().isEmpty()) {
        Files.writeString(folder.resolve(axis.file()), svg(chart));
      }
    }
  }

  private static XYChart chart(Axis axis) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(axis.title)
            .xAxisTitle(axis.unit)
            .yAxisTitle("test accuracy, %")
            .build();
    chart
        .getStyler()
        .setLegendPosition(LegendPosition.InsideSE)
        .setChartBackgroundColor(Color.WHITE)
        .setPlotBackgroundColor(Color.WHITE)
        .setPlotBorderVisible(false)
        .setChartTitleBoxVisible(false);
    // Methods differ by orders of magnitude in what they cost.
    chart.getStyler().setXAxisLogarithmic(axis != Axis.ROUNDS);
    return chart;
  }

  /** Runs of one preset are measured after the same rounds. */
  private static void add(XYChart chart, Preset preset, Axis axis, List<RunResult> runs) {
    int points = runs.get(0).evaluations().size();
    double[] x = new double[points];
    double[] y = new double[points];
    IntStream.range(0, points)
        .forEach(
            i -> {
              List<Point> same = runs.stream().map(run -> run.evaluations().get(i)).toList();
              x[i] = same.stream().mapToDouble(axis::of).average().orElseThrow();
              y[i] = same.stream().mapToDouble(Point::accuracy).average().orElseThrow();
            });
    XYSeries series = chart.addSeries(preset.name(), x, y);
    series.setMarker(points == 1 ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
    series.setLineStyle(new BasicStroke(2));
  }

  private static String svg(XYChart chart) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    VectorGraphicsEncoder.saveVectorGraphic(chart, bytes, VectorGraphicsFormat.SVG);
    // A hundredth of a pixel is enough.
    return bytes.toString(StandardCharsets.UTF_8).replaceAll("(\\.\\d{2})\\d+", "$1");
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Curves over one axis, as an SVG file. */
public final class CurvePlot {

  private static final int WIDTH = 720;
  private static final int HEIGHT = 420;

  private final XYChart chart;

  /**
   * @param horizontal what lies along the horizontal axis, with its unit
   * @param vertical the same of the vertical axis
   */
  public CurvePlot(String title, String horizontal, String vertical) {
    chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle(horizontal)
            .yAxisTitle(vertical)
            .build();
    chart
        .getStyler()
        .setLegendPosition(LegendPosition.InsideSE)
        .setChartBackgroundColor(Color.WHITE)
        .setPlotBackgroundColor(Color.WHITE)
        .setPlotBorderVisible(false)
        .setChartTitleBoxVisible(false);
  }

  /** For what differs by orders of magnitude. */
  public CurvePlot logarithmic(boolean chosen) {
    chart.getStyler().setXAxisLogarithmic(chosen);
    return this;
  }

  /** Adds a curve; one point alone is drawn as a circle. */
  public void add(String name, double[] x, double[] y) {
    XYSeries series = chart.addSeries(name, x, y);
    series.setMarker(x.length == 1 ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
    series.setLineStyle(new BasicStroke(2));
  }

  /** Writes the file, unless there is no curve. */
  public void write(Path file) throws IOException {
    if (!chart.getSeriesMap().isEmpty()) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      VectorGraphicsEncoder.saveVectorGraphic(chart, bytes, VectorGraphicsFormat.SVG);
      // A hundredth of a pixel is enough.
      Files.writeString(
          file, bytes.toString(StandardCharsets.UTF_8).replaceAll("(\\.\\d{2})\\d+", "$1"));
    }
  }
}

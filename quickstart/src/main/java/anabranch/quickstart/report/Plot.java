// SPDX-License-Identifier: Apache-2.0
package anabranch.quickstart.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * A line through points, as an SVG element to be put into a page.
 *
 * @param title above it, also the name of the line
 * @param xAxis what lies along the horizontal axis, with its unit
 * @param yAxis what lies along the vertical axis, with its unit
 * @param x positions, at least one
 * @param y as many values
 * @param fromZero whether the vertical axis begins at 0, so that lengths on it can be compared
 */
record Plot(
    String title, String xAxis, String yAxis, List<Double> x, List<Double> y, boolean fromZero) {

  private static final int WIDTH = 560;
  private static final int HEIGHT = 340;
  private static final Color LINE = new Color(0x1f, 0x6f, 0xb2);
  private static final Color GRID = new Color(0xdd, 0xdd, 0xdd);
  private static final int TEXT = 12;

  /**
   * @param id unique in the page; what the SVG names in itself begins with it
   */
  String svg(String id) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      VectorGraphicsEncoder.saveVectorGraphic(chart(), bytes, VectorGraphicsFormat.SVG);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String document = bytes.toString(StandardCharsets.UTF_8);
    // In a page there is neither XML declaration nor document type, and all plots share their ids.
    // Letters are drawn as outlines, so that no font is missing; a hundredth of a pixel is enough.
    return document
        .substring(document.indexOf("<svg"))
        .replaceAll("(\\.\\d{2})\\d+", "$1")
        .replace("id=\"", "id=\"" + id + "-")
        .replace("url(#", "url(#" + id + "-");
  }

  private XYChart chart() {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle(xAxis)
            .yAxisTitle(yAxis)
            .build();
    Font text = new Font(Font.SANS_SERIF, Font.PLAIN, TEXT);
    chart
        .getStyler()
        .setLegendVisible(false)
        .setChartBackgroundColor(Color.WHITE)
        .setPlotBackgroundColor(Color.WHITE)
        .setPlotBorderVisible(false)
        .setChartTitleBoxVisible(false)
        .setChartTitleFont(text.deriveFont(Font.BOLD, TEXT + 2f));
    chart
        .getStyler()
        .setPlotGridLinesColor(GRID)
        .setAxisTitleFont(text)
        .setAxisTickLabelsFont(text);
    if (fromZero) {
      chart.getStyler().setYAxisMin(0.0);
    }
    XYSeries series = chart.addSeries(title, x, y);
    series.setMarker(x.size() == 1 ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
    series.setMarkerColor(LINE);
    series.setLineColor(LINE);
    series.setLineStyle(new BasicStroke(2));
    return chart;
  }
}

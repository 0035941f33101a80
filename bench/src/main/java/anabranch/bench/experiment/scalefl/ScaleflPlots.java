// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment.scalefl;

import anabranch.bench.experiment.CurvePlot;
import anabranch.bench.experiment.scalefl.Results.Budget;
import anabranch.bench.experiment.scalefl.ScaleflResult.Point;
import anabranch.bench.experiment.scalefl.ScaleflResult.StageRound;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Accuracy over what it costs, and what the stages' features depend on, as SVG files. */
final class ScaleflPlots {

  private static final double MEGABYTE = 1e6;
  private static final double TERA = 1e12;
  private static final String NHSIC_X = "scalefl-nhsic-x.svg";
  private static final String NHSIC_Y = "scalefl-nhsic-y.svg";

  /** Titles by names of files. */
  static final Map<String, String> FILES =
      Collections.unmodifiableMap(
          new TreeMap<>(
              Map.of(
                  file(Budget.ROUNDS),
                  "Accuracy over rounds",
                  file(Budget.UPLINK),
                  "Accuracy over uplink of all clients",
                  file(Budget.TRAFFIC),
                  "Accuracy over uplink and downlink of all clients",
                  file(Budget.COMPUTE),
                  "Accuracy over computation of all clients",
                  NHSIC_X,
                  "nHSIC(X; Z) of the stages",
                  NHSIC_Y,
                  "nHSIC(Y; Z) of the stages")));

  private ScaleflPlots() {}

  private static String file(Budget budget) {
    return switch (budget) {
      case ROUNDS -> "scalefl-rounds.svg";
      case UPLINK -> "scalefl-uplink.svg";
      case TRAFFIC -> "scalefl-traffic.svg";
      case COMPUTE -> "scalefl-compute.svg";
    };
  }

  /** Writes a file for each curve that there are runs for. */
  static void write(Results results, Path folder) throws IOException {
    for (Budget budget : Budget.values()) {
      accuracy(results, budget).write(folder.resolve(file(budget)));
    }
    List<ScaleflResult> runs =
        List.copyOf(results.of(Method.SCALEFL, ScaleflTable.CORE_PARTITION).values());
    if (!runs.isEmpty()) {
      // Seeds differ little beside stages; one of them shows the course.
      dependence(NHSIC_X, runs.get(0), StageRound::nhsicX).write(folder.resolve(NHSIC_X));
      dependence(NHSIC_Y, runs.get(0), StageRound::nhsicY).write(folder.resolve(NHSIC_Y));
    }
  }

  private static CurvePlot accuracy(Results results, Budget budget) {
    String unit =
        switch (budget) {
          case ROUNDS -> "round";
          case UPLINK -> "MB sent";
          case TRAFFIC -> "MB sent and read";
          case COMPUTE -> "TFLOP";
        };
    double scale =
        switch (budget) {
          case ROUNDS -> 1;
          case UPLINK, TRAFFIC -> MEGABYTE;
          case COMPUTE -> TERA;
        };
    CurvePlot plot =
        new CurvePlot(FILES.get(file(budget)), unit, "test accuracy, %")
            .logarithmic(budget != Budget.ROUNDS);
    for (Method method : Method.values()) {
      List<ScaleflResult> runs =
          method.isVariant() || budget == Budget.TRAFFIC && method.readsMoreThanItTakes()
              ? List.of()
              : List.copyOf(results.of(method, ScaleflTable.CORE_PARTITION).values());
      if (!runs.isEmpty()) {
        int points = runs.get(0).points().size();
        double[] x = new double[points];
        double[] y = new double[points];
        for (int i = 0; i < points; i++) {
          int point = i;
          List<Point> same = runs.stream().map(run -> run.points().get(point)).toList();
          x[i] = same.stream().mapToDouble(budget::of).average().orElseThrow() / scale;
          y[i] = same.stream().mapToDouble(Point::accuracy).average().orElseThrow();
        }
        plot.add(method.label(), x, y);
      }
    }
    return plot;
  }

  private static CurvePlot dependence(
      String file, ScaleflResult run, Function<StageRound, Double> value) {
    CurvePlot plot = new CurvePlot(FILES.get(file), "round", "nHSIC");
    Map<Integer, List<StageRound>> byStage = new TreeMap<>();
    for (StageRound round : run.stages()) {
      if (value.apply(round) != null) {
        byStage.computeIfAbsent(round.stage(), stage -> new ArrayList<>()).add(round);
      }
    }
    byStage.forEach(
        (stage, rounds) ->
            plot.add(
                "stage " + stage,
                rounds.stream().mapToDouble(StageRound::round).toArray(),
                rounds.stream().mapToDouble(value::apply).toArray()));
    return plot;
  }
}

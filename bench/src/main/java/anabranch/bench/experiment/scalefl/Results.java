// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment.scalefl;

import anabranch.bench.experiment.Twins;
import anabranch.bench.experiment.Where;
import anabranch.bench.experiment.scalefl.ScaleflResult.Point;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.apache.commons.math3.analysis.interpolation.LinearInterpolator;
import org.apache.commons.math3.analysis.polynomials.PolynomialSplineFunction;

/**
 * The finished runs of a table, at the knobs that were chosen: of every method, partition and seed
 * one run. Where it was made through the cluster and in the driver, the driver's counts, whose
 * downlink is what clients must read; consumers of a cluster fetch what lies beside that too.
 */
final class Results {

  private record Row(String method, String partition) {}

  private final Map<Row, NavigableMap<Long, ScaleflResult>> rows = new HashMap<>();
  private final Twins twins = new Twins();
  private long throughCluster;

  /**
   * @param all finished runs
   * @param tuning whose knobs count
   * @param rounds of the runs that count
   */
  Results(Collection<ScaleflResult> all, Tuning tuning, int rounds) {
    List<ScaleflResult> driverFirst =
        all.stream().sorted(Comparator.comparing(ScaleflResult::where).reversed()).toList();
    for (ScaleflResult run : driverFirst) {
      Method method = Method.named(run.method());
      Knobs knobs = tuning.knobs(method);
      ScaleflSettings settings = run.settings();
      if (run.rounds() == rounds
          && settings.trainingShare() == 1
          && !Tuning.isTuning(settings)
          && method.has(knobs, settings)) {
        add(run);
      }
    }
  }

  /** Of twins the first counts; they should have made the same model. */
  private void add(ScaleflResult run) {
    throughCluster += run.where() == Where.CLUSTER ? 1 : 0;
    ScaleflResult twin =
        rows.computeIfAbsent(new Row(run.method(), run.partition()), row -> new TreeMap<>())
            .putIfAbsent(run.seed(), run);
    if (twin != null) {
      twins.add(twin.modelSha256(), run.modelSha256());
    }
  }

  /** How many runs went through the cluster. */
  long throughCluster() {
    return throughCluster;
  }

  /** The runs that were made through the cluster and in the driver. */
  Twins twins() {
    return twins;
  }

  /** The runs of a row, by seed. */
  NavigableMap<Long, ScaleflResult> of(Method method, String partition) {
    return rows.getOrDefault(new Row(method.label(), partition), new TreeMap<>());
  }

  /** All runs, in the order of the table. */
  List<ScaleflResult> all() {
    List<ScaleflResult> all = new ArrayList<>();
    for (String partition : ScaleflTable.partitions()) {
      for (Method method : Method.values()) {
        all.addAll(of(method, partition).values());
      }
    }
    return all;
  }

  /**
   * How much more accurate one method is than another, by the seeds that both have run; without
   * those where one of the two had completed less than twenty rounds when it had spent as much as
   * the other.
   */
  List<Double> differences(Method method, Method than, String partition, Budget budget) {
    List<Double> differences = new ArrayList<>();
    if (budget == Budget.TRAFFIC
        && (method.readsMoreThanItTakes() || than.readsMoreThanItTakes())) {
      return differences;
    }
    NavigableMap<Long, ScaleflResult> others = of(than, partition);
    of(method, partition)
        .forEach(
            (seed, run) -> {
              ScaleflResult other = others.get(seed);
              if (other != null && budget.counts(run) && budget.counts(other)) {
                double limit = Math.min(budget.spent(run), budget.spent(other));
                OptionalDouble accuracy = budget.accuracy(run, limit);
                OptionalDouble against = budget.accuracy(other, limit);
                if (accuracy.isPresent() && against.isPresent()) {
                  differences.add(accuracy.getAsDouble() - against.getAsDouble());
                }
              }
            });
    return differences;
  }

  /** What two methods may both spend when they are compared. */
  enum Budget {
    ROUNDS("rounds", Point::round),
    UPLINK("uploaded bytes", Point::uplinkBytes),
    TRAFFIC("bytes both ways", point -> point.uplinkBytes() + point.downlinkBytes()),
    COMPUTE("client compute", Point::clientComputeFlops);

    /** Before this share of what may be spent nothing counts. */
    private static final double COUNTED = 0.75;

    /** From round to round accuracy moves by more than methods differ. */
    private static final int FEWEST_POINTS = 4;

    private final String label;
    private final ToDoubleFunction<Point> cost;

    Budget(String label, ToDoubleFunction<Point> cost) {
      this.label = label;
      this.cost = cost;
    }

    /** Whether a run tells this expense: in the cluster consumers fetch what nobody wants too. */
    boolean counts(ScaleflResult run) {
      return this != TRAFFIC || run.where() == Where.DRIVER;
    }

    String label() {
      return label;
    }

    double of(Point point) {
      return cost.applyAsDouble(point);
    }

    /** What a run has spent at its end. */
    double spent(ScaleflResult run) {
      return of(run.points().get(run.points().size() - 1));
    }

    /**
     * Mean accuracy over the last quarter of what may be spent, of the line through all
     * measurements: methods are measured at different expenses, and for all it is the same part of
     * their course. Nothing where there are fewer than four measurements, which are twenty rounds.
     * At equal rounds that of the run.
     */
    OptionalDouble accuracy(ScaleflResult run, double limit) {
      if (this == ROUNDS) {
        return OptionalDouble.of(run.accuracy());
      }
      List<Point> points = run.points();
      long within = points.stream().filter(point -> of(point) <= limit).count();
      double from = COUNTED * limit;
      if (within < FEWEST_POINTS || of(points.get(0)) > from) {
        return OptionalDouble.empty();
      }
      PolynomialSplineFunction line =
          new LinearInterpolator()
              .interpolate(
                  points.stream().mapToDouble(this::of).toArray(),
                  points.stream().mapToDouble(Point::accuracy).toArray());
      double[] knots =
          DoubleStream.concat(
                  DoubleStream.of(from, limit),
                  points.stream().mapToDouble(this::of).filter(x -> x > from && x < limit))
              .sorted()
              .toArray();
      double area = 0;
      for (int i = 1; i < knots.length; i++) {
        area += (knots[i] - knots[i - 1]) * (line.value(knots[i]) + line.value(knots[i - 1])) / 2;
      }
      return OptionalDouble.of(area / (limit - from));
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment.scalefl;

import anabranch.bench.experiment.Twins;
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

/**
 * The finished runs of a table, at the knobs that were chosen: of every method, partition and seed
 * one run, that through the cluster where there is one.
 */
final class Results {

  private record Row(String method, String partition) {}

  private final Map<Row, NavigableMap<Long, ScaleflResult>> rows = new HashMap<>();
  private final Twins twins = new Twins();

  /**
   * @param all finished runs
   * @param tuning whose knobs count
   * @param rounds of the runs that count
   */
  Results(Collection<ScaleflResult> all, Tuning tuning, int rounds) {
    List<ScaleflResult> clusterFirst =
        all.stream().sorted(Comparator.comparing(ScaleflResult::where)).toList();
    for (ScaleflResult run : clusterFirst) {
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
    ScaleflResult twin =
        rows.computeIfAbsent(new Row(run.method(), run.partition()), row -> new TreeMap<>())
            .putIfAbsent(run.seed(), run);
    if (twin != null) {
      twins.add(twin.modelSha256(), run.modelSha256());
    }
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
   * those where one of the two had not been measured yet when it had spent as much as the other.
   */
  List<Double> differences(Method method, Method than, String partition, Budget budget) {
    NavigableMap<Long, ScaleflResult> others = of(than, partition);
    List<Double> differences = new ArrayList<>();
    of(method, partition)
        .forEach(
            (seed, run) -> {
              ScaleflResult other = others.get(seed);
              if (other != null) {
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

    private static final double COUNTED = 0.9;

    private final String label;
    private final ToDoubleFunction<Point> cost;

    Budget(String label, ToDoubleFunction<Point> cost) {
      this.label = label;
      this.cost = cost;
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
     * Mean accuracy over the last tenth of what may be spent; where nothing was measured in it, the
     * last before; nothing where the first measurement was dearer.
     */
    OptionalDouble accuracy(ScaleflResult run, double limit) {
      List<Point> within = run.points().stream().filter(point -> of(point) <= limit).toList();
      if (within.isEmpty()) {
        return OptionalDouble.empty();
      }
      OptionalDouble counted =
          within.stream()
              .filter(point -> of(point) > COUNTED * limit)
              .mapToDouble(Point::accuracy)
              .average();
      return counted.isPresent()
          ? counted
          : OptionalDouble.of(within.get(within.size() - 1).accuracy());
    }
  }
}

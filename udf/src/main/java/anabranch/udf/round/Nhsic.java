// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import anabranch.protocol.message.Contribution;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * What the clients of a round measured, averaged by weight in client-id order. The values are of
 * batches and grow with fewer samples in one: only those of batches as large as the plan asks for
 * count, so that rounds can be compared, and they tell nothing of the clients' data taken together.
 * Each is empty if no client could measure it: all samples of a batch had one label, or no client
 * had as many, for instance.
 *
 * @param x nHSIC(X; Z), 0 to 1
 * @param y nHSIC(Y; Z), 0 to 1
 * @param batch samples in a batch; empty if both are
 */
public record Nhsic(OptionalDouble x, OptionalDouble y, OptionalDouble batch) {

  /** Nobody measured anything. */
  static final Nhsic NONE =
      new Nhsic(OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty());

  /** Name of the metric with a client's mean nHSIC(X; Z) over its batches. */
  static final String X = "nhsicX";

  /** Name of the metric with a client's mean nHSIC(Y; Z) over its batches. */
  static final String Y = "nhsicY";

  /** Name of the metric with the samples in a client's batch. */
  static final String BATCH = "nhsicBatch";

  /**
   * Whoever sends a value outside 0 to 1 must not move the weights for all: it is left out.
   *
   * @param contributions by client id
   * @param batchSize samples in a batch, as the plan asks for; values of others are left out
   */
  static Nhsic of(List<Contribution> contributions, int batchSize) {
    List<Contribution> comparable =
        contributions.stream()
            .filter(contribution -> contribution.metrics().getOrDefault(BATCH, 0.0) == batchSize)
            .toList();
    OptionalDouble x = mean(comparable, X);
    OptionalDouble y = mean(comparable, Y);
    boolean measured = x.isPresent() || y.isPresent();
    return new Nhsic(x, y, measured ? OptionalDouble.of(batchSize) : OptionalDouble.empty());
  }

  private static OptionalDouble mean(List<Contribution> contributions, String name) {
    double sum = 0;
    double weight = 0;
    for (Contribution contribution : contributions) {
      Double value = contribution.metrics().get(name);
      if (value != null && value >= 0 && value <= 1) {
        sum += contribution.weight() * value;
        weight += contribution.weight();
      }
    }
    return weight == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum / weight);
  }

  /** The round's metrics, with what counted of these instead of what was sent. */
  void replaceIn(Map<String, Double> metrics) {
    metrics.keySet().removeAll(Set.of(X, Y, BATCH));
    x.ifPresent(mean -> metrics.put(X, mean));
    y.ifPresent(mean -> metrics.put(Y, mean));
    batch.ifPresent(samples -> metrics.put(BATCH, samples));
  }
}

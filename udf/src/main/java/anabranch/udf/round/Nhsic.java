// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import anabranch.protocol.message.Contribution;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * What the clients of a round measured, averaged by weight in client-id order. The values are of
 * batches and grow with fewer samples in one: they can be compared with those of equal batches
 * alone, and tell nothing of the clients' data taken together. Each is empty if no client could
 * measure it: all samples of a batch had one label, for instance.
 *
 * @param x nHSIC(X; Z), 0 to 1
 * @param y nHSIC(Y; Z), 0 to 1
 * @param batch samples in a batch
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
   */
  static Nhsic of(List<Contribution> contributions) {
    return new Nhsic(
        mean(contributions, X, 1),
        mean(contributions, Y, 1),
        mean(contributions, BATCH, Integer.MAX_VALUE));
  }

  private static OptionalDouble mean(List<Contribution> contributions, String name, double most) {
    double sum = 0;
    double weight = 0;
    for (Contribution contribution : contributions) {
      Double value = contribution.metrics().get(name);
      if (value != null && value >= 0 && value <= most) {
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
    batch.ifPresent(mean -> metrics.put(BATCH, mean));
  }
}

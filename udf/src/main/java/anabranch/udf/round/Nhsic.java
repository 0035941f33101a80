// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import anabranch.protocol.message.Contribution;
import java.util.List;
import java.util.Map;

/**
 * What the clients of a round measured, averaged by weight in client-id order. The values are of
 * batches and grow with fewer samples in one: they can be compared with those of equal batches
 * alone, and tell nothing of the clients' data taken together.
 *
 * @param x nHSIC(X; Z), 0 to 1
 * @param y nHSIC(Y; Z), 0 to 1
 * @param batch samples in a batch
 */
public record Nhsic(double x, double y, double batch) {

  /** Name of the metric with a client's mean nHSIC(X; Z) over its batches. */
  static final String X = "nhsicX";

  /** Name of the metric with a client's mean nHSIC(Y; Z) over its batches. */
  static final String Y = "nhsicY";

  /** Name of the metric with the samples in a client's batch. */
  static final String BATCH = "nhsicBatch";

  /**
   * @param contributions by client id
   * @return null if no client sent three values that can be
   */
  static Nhsic of(List<Contribution> contributions) {
    double x = 0;
    double y = 0;
    double batch = 0;
    double weight = 0;
    for (Contribution contribution : contributions) {
      Map<String, Double> metrics = contribution.metrics();
      if (isShare(metrics.get(X)) && isShare(metrics.get(Y)) && metrics.containsKey(BATCH)) {
        x += contribution.weight() * metrics.get(X);
        y += contribution.weight() * metrics.get(Y);
        batch += contribution.weight() * metrics.get(BATCH);
        weight += contribution.weight();
      }
    }
    return weight == 0 ? null : new Nhsic(x / weight, y / weight, batch / weight);
  }

  /** Whoever sends anything else must not move the weights for all. */
  private static boolean isShare(Double value) {
    return value != null && value >= 0 && value <= 1;
  }

  /** By the names of the metrics. */
  Map<String, Double> metrics() {
    return Map.of(X, x, Y, y, BATCH, batch);
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.client.state;

import java.util.Map;

/**
 * An update whose receipt has not come.
 *
 * @param planId of the plan that it answers
 * @param round of that plan
 * @param sequence of the announcement from which the plan was taken
 * @param samples trained on
 * @param metrics of the training
 * @param acknowledged whether the cluster has acknowledged all its records
 * @param parts its records
 */
public record PendingUpdate(
    long planId,
    long round,
    long sequence,
    long samples,
    Map<String, Double> metrics,
    boolean acknowledged,
    EncodedParts parts) {

  public PendingUpdate {
    metrics = Map.copyOf(metrics);
  }

  PendingUpdate withAcknowledgement() {
    return new PendingUpdate(planId, round, sequence, samples, metrics, true, parts);
  }
}

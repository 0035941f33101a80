// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.message;

import java.util.Map;

/**
 * One client's share of a completed round.
 *
 * @param clientId of the cohort
 * @param weight samples that counted
 * @param bytes payload bytes of its update, index and values
 * @param metrics as the client sent them
 */
public record Contribution(String clientId, long weight, long bytes, Map<String, Double> metrics) {

  public Contribution {
    metrics = Map.copyOf(metrics);
  }
}

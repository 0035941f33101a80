// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.pipeline;

import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;

/**
 * What one start of the job gave.
 *
 * @param rounds those that were measured
 * @param heldBytes the most payload bytes that waited for the rest of their updates
 * @param peakRssBytes the most memory that the TaskManager had, empty where it is not known
 */
record JobFigures(List<RoundFigures> rounds, long heldBytes, OptionalLong peakRssBytes) {

  RoundFigures best() {
    return rounds.stream()
        .max(Comparator.comparingDouble(RoundFigures::bytesPerSecond))
        .orElseThrow();
  }

  RoundFigures worst() {
    return rounds.stream()
        .min(Comparator.comparingDouble(RoundFigures::bytesPerSecond))
        .orElseThrow();
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import java.io.Serializable;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Collections;
import java.util.List;

/**
 * Whom a round draws.
 *
 * @param size complete updates that close a round, at least 1
 * @param overSelection clients drawn for each update that is wanted, at least 1
 * @param minAvailable clients that must have checked in before a round opens, all of them eligible
 *     for one stage at least
 * @param minSamples declared samples that make a client eligible
 * @param requiredMemoryBytes declared memory that makes a client eligible, one for all stages or
 *     one for each; a client that declares none counts as having enough
 */
public record CohortPolicy(
    int size,
    double overSelection,
    int minAvailable,
    long minSamples,
    List<Long> requiredMemoryBytes)
    implements Serializable {

  public CohortPolicy {
    requiredMemoryBytes = List.copyOf(requiredMemoryBytes);
  }

  /** The memory that training takes in a stage, counted from 1. */
  public long requiredMemoryBytes(int stage) {
    return requiredMemoryBytes.get(requiredMemoryBytes.size() == 1 ? 0 : stage - 1);
  }

  /** The memory that the least demanding stage takes. */
  long leastRequiredMemoryBytes() {
    return Collections.min(requiredMemoryBytes);
  }

  /** How many clients to draw out of so many eligible ones. */
  public int drawn(int eligible) {
    // In decimals: as doubles, 100 times 1.1 is a little more than 110.
    BigDecimal wanted = BigDecimal.valueOf(overSelection).multiply(BigDecimal.valueOf(size));
    return wanted.setScale(0, RoundingMode.CEILING).min(BigDecimal.valueOf(eligible)).intValue();
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment.compression;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.bench.experiment.compression.Claim.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClaimTest {

  /** Mean 3, squared deviations 4 + 1 + 0 + 1 + 4 over n − 1 = 4: variance 2.5. */
  private static final List<Double> DIFFERENCES = List.of(1.0, 2.0, 3.0, 4.0, 5.0);

  @Test
  void atMostWorseHoldsByTheBoundAndNotByTheMean() {
    // The bound of these is 3 − 1.51 = 1.49, shifted.
    assertThat(verdict(Kind.AT_MOST_WORSE, 1.5, -3)).startsWith("**not shown**");
    assertThat(verdict(Kind.AT_MOST_WORSE, 1.52, -3)).startsWith("**shown**");
  }

  @Test
  void atLeastWorseHoldsByTheOtherBound() {
    assertThat(verdict(Kind.AT_LEAST_WORSE, 4, -8.5)).startsWith("**not shown**");
    assertThat(verdict(Kind.AT_LEAST_WORSE, 4, -8.52)).startsWith("**shown**");
  }

  @Test
  void alwaysBetterNeedsEverySeedAndTheMean() {
    assertThat(verdict(Kind.ALWAYS_BETTER, 2, 0)).startsWith("**shown**");
    assertThat(verdict(Kind.ALWAYS_BETTER, 2, -1)).startsWith("**not shown**");
    assertThat(verdict(Kind.ALWAYS_BETTER, 3.1, 0)).startsWith("**not shown**");
  }

  @Test
  void claimOnFewSeedsIsOpen() {
    assertThat(claim(Kind.AT_MOST_WORSE, 9).verdict(List.of(1.0, 1.0, 1.0, 1.0)))
        .isEqualTo("open: 4 of 5 seeds");
  }

  private static String verdict(Kind kind, double points, double shift) {
    return claim(kind, points)
        .verdict(DIFFERENCES.stream().map(difference -> difference + shift).toList());
  }

  private static Claim claim(Kind kind, double points) {
    return new Claim("it", new Preset("a"), Preset.FEDAVG, kind, points);
  }
}

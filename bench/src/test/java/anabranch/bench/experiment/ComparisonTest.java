// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {

  /** Mean 3, squared deviations 4 + 1 + 0 + 1 + 4 over n − 1 = 4: variance 2.5. */
  private static final List<Double> DIFFERENCES = List.of(1.0, 2.0, 3.0, 4.0, 5.0);

  /** Of Student's t with 4 degrees of freedom, from a printed table. */
  private static final double T_95 = 2.1318;

  @Test
  void boundIsThatOfStudentsTWithOneDegreeOfFreedomLess() {
    Comparison comparison = new Comparison(DIFFERENCES);

    double margin = T_95 * Math.sqrt(2.5) / Math.sqrt(5);
    assertThat(comparison.mean()).isEqualTo(3);
    assertThat(comparison.deviation()).isCloseTo(Math.sqrt(2.5), within(1e-12));
    assertThat(comparison.lowerBound()).isCloseTo(3 - margin, within(1e-4));
    assertThat(comparison.upperBound()).isCloseTo(3 + margin, within(1e-4));
    assertThat(comparison.least()).isEqualTo(1);
  }

  @Test
  void onePairHasNoBound() {
    assertThat(new Comparison(List.of(1.0)).lowerBound()).isNaN();
    assertThat(new Comparison(List.of(1.0)).deviation()).isNaN();
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.aggregation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FixedPointGridTest {

  @ParameterizedTest
  @CsvSource({
    // E, largest weight, contributions, q = E + ceil(log2 weight) - 51 + max(0, bits(K) - 12)
    "16, 1, 1, -35",
    "16, 1, 4095, -35",
    "16, 1, 4096, -34",
    "16, 2, 10, -34",
    "16, 1000, 100, -25",
    "16, 1024, 100, -25",
    "16, 1025, 100, -24",
    "15, 16777216, 4095, -12",
    "0, 1, 1000000, -43",
    "-20, 1, 1, -71",
  })
  void unitFollowsFromBoundWeightAndContributions(
      int maxExponent, long maxWeight, int contributions, int unitExponent) {
    assertThat(FixedPointGrid.of(maxExponent, maxWeight, contributions).unitExponent())
        .isEqualTo(unitExponent);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "0.5, 0", "1.5, 2", "2.5, 2", "-0.5, 0", "-1.5, -2", "-2.5, -2", "0.75, 1"})
  void productsRoundHalfToEven(float value, long units) {
    assertThat(FixedPointGrid.units(1, value)).isEqualTo(units);
  }

  @ParameterizedTest
  @CsvSource({
    "16, 1, 4095",
    "16, 1000, 4095",
    "15, 16777216, 4095",
    "16, 1, 4096",
    "16, 1, 8191",
    "16, 1000, 1000000",
  })
  void sumOfAllContributionsAtTheBoundFits(int maxExponent, long maxWeight, int contributions) {
    FixedPointGrid grid = FixedPointGrid.of(maxExponent, maxWeight, contributions);
    float bound = Math.scalb(1f, maxExponent);
    long units = FixedPointGrid.units(grid.scaledWeight(maxWeight), bound);

    assertThat(units).isPositive().isLessThanOrEqualTo(1L << 51);
    assertThat(Math.multiplyExact(units, (long) contributions)).isPositive();
    assertThat(FixedPointGrid.units(grid.scaledWeight(maxWeight), -bound)).isEqualTo(-units);
  }

  @Test
  void unitsOfWeightedValuesAreTheProduct() {
    FixedPointGrid grid = FixedPointGrid.of(16, 30, 2);

    long units = FixedPointGrid.units(grid.scaledWeight(30), 0.25f);

    assertThat(units * grid.unit()).isEqualTo(7.5);
  }

  @Test
  void gridWithoutWeightOrContributionIsRefused() {
    assertThatThrownBy(() -> FixedPointGrid.of(16, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not 0 and 1");
    assertThatThrownBy(() -> FixedPointGrid.of(16, 1, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.client.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class MemoryBudgetsTest {

  private static final int FULL = 840;

  @Test
  void sharesOfClientsThatFitAStageAreThoseOfTheUniformDistribution() {
    MemoryBudgets budgets = MemoryBudgets.draw(FULL, 100_000, 1);

    // Of 801 values from 100 to 900: the needs of ProFL's stages.
    assertThat(share(budgets, 840)).isCloseTo(61 / 801.0, within(0.005));
    assertThat(share(budgets, 506)).isCloseTo(395 / 801.0, within(0.005));
    assertThat(share(budgets, 112)).isCloseTo(789 / 801.0, within(0.005));
    assertThat(budgets.least()).isEqualTo(100);
    assertThat(budgets.atLeast(901)).isZero();
  }

  @Test
  void budgetsDependOnTheSeedAlone() {
    assertThat(MemoryBudgets.draw(FULL, 10, 5)).isEqualTo(MemoryBudgets.draw(FULL, 10, 5));
    assertThat(MemoryBudgets.draw(FULL, 10, 5)).isNotEqualTo(MemoryBudgets.draw(FULL, 10, 6));
  }

  private static double share(MemoryBudgets budgets, long need) {
    return budgets.atLeast(need) / 100_000.0;
  }
}

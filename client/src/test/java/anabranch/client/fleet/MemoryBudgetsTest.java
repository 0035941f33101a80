// SPDX-License-Identifier: Apache-2.0
package anabranch.client.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import anabranch.client.memory.Account;
import anabranch.client.memory.MemoryNeed;
import anabranch.client.model.Architecture;
import anabranch.client.model.ModelDefinition;
import java.util.List;
import java.util.Map;
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

  @Test
  void sharesAreOfTrainingTheWholeNetworkWithoutTermsOfDependence() {
    ModelDefinition network = Architecture.RESNET.define(Map.of("cuts", "2,4,6"));
    MemoryNeed need = new MemoryNeed(32, true, false);
    long whole = need.accounted(Account.of(network, Account.whole(network), false));

    assertThat(MemoryBudgets.draw(network, need, 10, 5))
        .isEqualTo(MemoryBudgets.draw(whole, 10, 5));
  }

  @Test
  void cohortIsAsLargeAsTheRarestStageAllowsAndWaitsForAllWhoCanTrainOne() {
    MemoryBudgets budgets = new MemoryBudgets(List.of(10L, 20L, 30L, 40L));

    assertThat(budgets.cohort(3, List.of(30L, 20L)))
        .containsExactly(
            "cohort.required-memory=30b,20b", "cohort.min-available=3", "cohort.size=2");
    assertThat(budgets.cohort(1, List.of(30L, 20L))).contains("cohort.size=1");
  }

  @Test
  void stageForWhichNobodyHasTheMemoryIsNamed() {
    MemoryBudgets budgets = new MemoryBudgets(List.of(10L, 20L));

    assertThatThrownBy(() -> budgets.cohort(1, List.of(10L, 21L)))
        .hasMessageContaining("stage 2 takes 21 bytes, and none of 2 clients has as much");
  }

  private static double share(MemoryBudgets budgets, long need) {
    return budgets.atLeast(need) / 100_000.0;
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import anabranch.client.data.DatasetCatalog;
import anabranch.client.data.IidPartition;
import anabranch.client.fleet.MemoryBudgets;
import anabranch.client.link.Bandwidth;
import anabranch.client.memory.Account;
import anabranch.client.memory.MemoryNeed;
import anabranch.client.model.Architecture;
import anabranch.client.model.ModelDefinition;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BlockwiseTrainingTest {

  private static final ModelDefinition NETWORK =
      Architecture.RESNET.define(BlockwiseTraining.MODEL_SETTINGS);

  @Test
  void moreOfTheUsualTwentyClientsCanTrainAnyStageThanTheWholeNetwork() {
    QuickstartSettings settings = settings(20, 10, 1);
    MemoryNeed need =
        new MemoryNeed(settings.training().batchSize(), settings.training().momentum() > 0, false);
    long whole = need.expected(Account.of(NETWORK, Account.whole(NETWORK), false));

    BlockwiseTraining training = BlockwiseTraining.of(NETWORK, settings);

    List<Integer> eligible = training.required().stream().map(training.budgets()::atLeast).toList();
    int ofWhole = training.budgets().atLeast(whole);
    assertThat(eligible).hasSize(4).allMatch(clients -> clients > ofWhole);
    assertThat(training.configuration())
        .contains("cohort.size=" + Math.min(10, Collections.min(eligible)))
        .contains("cohort.min-available=" + Collections.max(eligible));
  }

  @Test
  void clientsOfWhomNoneCanTrainAStageAreRefused() {
    long poor =
        LongStream.range(0, 100)
            .filter(seed -> MemoryBudgets.draw(840, 1, seed).least() < 200)
            .findFirst()
            .orElseThrow();

    assertThatThrownBy(() -> BlockwiseTraining.of(NETWORK, settings(1, 1, poor)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("none of 1 clients has as much");
  }

  private static QuickstartSettings settings(int clients, int cohort, long seed) {
    return new QuickstartSettings(
        clients,
        cohort,
        1,
        new IidPartition(),
        DatasetCatalog.FASHION_MNIST,
        null,
        null,
        true,
        1,
        0.05,
        "dense-f32",
        "none",
        seed,
        8080,
        0,
        1,
        false,
        Bandwidth.UNLIMITED,
        false,
        Path.of("federation"),
        Path.of("report"));
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.quickstart;

import anabranch.client.fleet.MemoryBudgets;
import anabranch.client.memory.Account;
import anabranch.client.memory.MemoryNeed;
import anabranch.client.model.ModelDefinition;
import anabranch.job.encoding.EncodingPresets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Block-wise training of a quickstart: clients of which few could train the whole network, and what
 * each of its stages takes.
 *
 * @param budgets memory of the clients
 * @param required what training a stage takes, in bytes, by the stages' order
 * @param configuration keys of the federation, each {@code key=value}
 */
record BlockwiseTraining(MemoryBudgets budgets, List<Long> required, List<String> configuration) {

  /**
   * Of the layer groups of the residual network that is trained where nothing else is asked for.
   */
  static final Map<String, String> MODEL_SETTINGS = Map.of("cuts", "2,4,6");

  static final String ARCHITECTURE = "resnet";

  /**
   * @param model that declares stages
   * @throws IllegalArgumentException if a stage finds no client with memory for it
   */
  static BlockwiseTraining of(ModelDefinition model, QuickstartSettings settings) {
    MemoryNeed need =
        new MemoryNeed(
            settings.training().batchSize(),
            settings.training().momentum() > 0,
            settings.training().proximal() > 0,
            EncodingPresets.parse(settings.encoding()).restricted());
    Account whole = Account.of(model, Account.whole(model), false);
    // What libraries and the client itself take is hardly less for a stage: all clients have that.
    long besides = need.expected(whole) - need.accounted(whole);
    MemoryBudgets budgets =
        MemoryBudgets.draw(model, need, settings.clients(), settings.seed()).plus(besides);
    List<Long> required =
        model.stages().stream()
            .map(stage -> need.expected(Account.of(model, stage, true)))
            .toList();
    List<String> keys = new ArrayList<>(budgets.cohort(settings.cohort(), required));
    keys.add("schedule.blocks=round-robin");
    keys.add("curriculum.lambda.from=1");
    keys.add("curriculum.lambda.to=0.1");
    keys.add("curriculum.gamma.from=0.1");
    keys.add("curriculum.gamma.to=1");
    return new BlockwiseTraining(budgets, required, keys);
  }
}

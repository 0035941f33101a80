// SPDX-License-Identifier: Apache-2.0
package anabranch.quickstart;

import anabranch.client.fleet.MemoryBudgets;
import anabranch.client.memory.Account;
import anabranch.client.memory.MemoryNeed;
import anabranch.client.model.ModelDefinition;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Block-wise training of a quickstart: clients of which few could train the whole network, and what
 * each of its stages takes.
 *
 * @param budgets memory of the clients
 * @param required what training a stage takes, in bytes, by the stages' order
 */
record BlockwiseTraining(MemoryBudgets budgets, List<Long> required) {

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
            settings.training().proximal() > 0);
    Account whole = Account.of(model, Account.whole(model), true);
    long accounted = need.accounted(whole);
    // What libraries and the client itself take is hardly less for a stage: all clients have that.
    long besides = need.expected(whole) - accounted;
    MemoryBudgets budgets =
        MemoryBudgets.draw(accounted, settings.clients(), settings.seed()).plus(besides);
    List<Long> required =
        model.stages().stream()
            .map(stage -> need.expected(Account.of(model, stage, true)))
            .toList();
    for (int stage = 1; stage <= required.size(); stage++) {
      if (budgets.atLeast(required.get(stage - 1)) == 0) {
        throw new IllegalArgumentException(
            ("stage %d takes %d bytes, and none of %d clients has as much: add --clients, or choose"
                    + " another --seed")
                .formatted(stage, required.get(stage - 1), settings.clients()));
      }
    }
    return new BlockwiseTraining(budgets, required);
  }

  /** Keys of the federation, each {@code key=value}. */
  List<String> configuration(int cohort) {
    return List.of(
        "schedule.blocks=round-robin",
        "curriculum.lambda.from=1",
        "curriculum.lambda.to=0.1",
        "curriculum.gamma.from=0.1",
        "curriculum.gamma.to=1",
        "cohort.required-memory="
            + required.stream().map(need -> need + "b").collect(Collectors.joining(",")),
        "cohort.min-available=" + budgets.forAny(required),
        "cohort.size=" + Math.min(cohort, budgets.forEach(required)));
  }
}

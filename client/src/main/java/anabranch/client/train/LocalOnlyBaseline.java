// SPDX-License-Identifier: Apache-2.0
package anabranch.client.train;

import anabranch.client.data.Dataset;
import anabranch.client.data.LocalData;
import anabranch.protocol.message.TrainingSettings;
import anabranch.protocol.model.ModelManifest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * What each client reaches without the federation: it trains alone from the same initial weights,
 * with the same trainer and settings and as many epochs as the rounds would give it. A federation
 * is worth its trouble when its model scores above this.
 *
 * @param trainer of all clients, one after the other
 * @param evaluator of their models
 */
public record LocalOnlyBaseline(LocalTrainer trainer, Evaluator evaluator) {

  /**
   * Trains every client alone.
   *
   * @param manifest of the model
   * @param initial flat vectors of all blocks of version 0, by block index
   * @param clients each client's own data
   * @param settings of one round
   * @param rounds how often a client trains by the settings, at least 1: the federation's number of
   *     rounds if every client is in every cohort, else that times cohort / clients. The optimizer
   *     begins anew each time, as it does in a federation
   * @param test samples for all, on which each model is measured after each round
   * @param seed of the order of batches
   * @throws InterruptedException if interrupted
   */
  public LocalOnlyResult run(
      ModelManifest manifest,
      Map<Integer, float[]> initial,
      List<LocalData> clients,
      TrainingSettings settings,
      int rounds,
      Dataset test,
      long seed)
      throws InterruptedException {
    if (clients.isEmpty() || rounds < 1) {
      throw new IllegalArgumentException(
          "a baseline needs clients and rounds, not %d and %d".formatted(clients.size(), rounds));
    }
    List<Integer> blocks = manifest.deployedBlocks();
    SplittableRandom seeds = new SplittableRandom(seed);
    List<LocalOnlyResult.Client> results = new ArrayList<>();
    for (LocalData client : clients) {
      Map<Integer, float[]> weights = new HashMap<>(initial);
      weights.keySet().retainAll(blocks);
      List<Evaluation> evaluations = new ArrayList<>();
      for (int round = 0; round < rounds; round++) {
        TrainingTask task =
            new TrainingTask(
                manifest, weights, blocks, settings, round + 1, 1, 0, 0, seeds.nextLong());
        weights.putAll(trainer.train(task, client).blocks());
        evaluations.add(evaluator.evaluate(manifest, weights, test));
      }
      results.add(new LocalOnlyResult.Client(client.train().size(), evaluations));
    }
    return new LocalOnlyResult(results);
  }
}

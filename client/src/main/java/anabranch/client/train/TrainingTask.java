// SPDX-License-Identifier: Apache-2.0
package anabranch.client.train;

import anabranch.protocol.message.TrainingSettings;
import anabranch.protocol.model.ModelManifest;
import java.util.List;
import java.util.Map;

/**
 * What a client is asked to train in one round.
 *
 * @param manifest of the model
 * @param weights by block index: every block that is trained or held and, if the model has stages,
 *     no other; tensors in the manifest's order, each row-major; tensors of role LOCAL are not
 *     among them
 * @param trainBlocks indices of the blocks to train, rising; the others get no gradient
 * @param settings of the optimizer
 * @param round number of the round, from 1; it goes on after failed rounds, and two rounds never
 *     share it
 * @param stage of block-wise training, from 1
 * @param lambda weight λ of nHSIC(X; Z) in the loss, 0 when not used
 * @param gamma weight γ of nHSIC(Y; Z) in the loss, 0 when not used
 * @param seed of the order of batches and of whatever else is random
 * @param subspace where the trained weights may move to, null if anywhere
 */
public record TrainingTask(
    ModelManifest manifest,
    Map<Integer, float[]> weights,
    List<Integer> trainBlocks,
    TrainingSettings settings,
    long round,
    int stage,
    double lambda,
    double gamma,
    long seed,
    Subspace subspace) {

  /** A task whose weights may move anywhere. */
  public TrainingTask(
      ModelManifest manifest,
      Map<Integer, float[]> weights,
      List<Integer> trainBlocks,
      TrainingSettings settings,
      long round,
      int stage,
      double lambda,
      double gamma,
      long seed) {
    this(manifest, weights, trainBlocks, settings, round, stage, lambda, gamma, seed, null);
  }

  public TrainingTask {
    weights = Map.copyOf(weights);
    trainBlocks = List.copyOf(trainBlocks);
    for (int block : trainBlocks) {
      if (!weights.containsKey(block)) {
        throw new IllegalArgumentException(
            "block %d is to be trained but its weights are not here, only those of %s"
                .formatted(block, weights.keySet()));
      }
    }
  }

  /** Indices of the blocks that make up the network, rising: those whose weights are here. */
  public List<Integer> networkBlocks() {
    return manifest.stages().isEmpty()
        ? manifest.deployedBlocks()
        : weights.keySet().stream().sorted().toList();
  }
}

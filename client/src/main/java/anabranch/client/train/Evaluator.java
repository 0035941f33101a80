// SPDX-License-Identifier: Apache-2.0
package anabranch.client.train;

import anabranch.client.data.Dataset;
import anabranch.protocol.model.ModelManifest;
import java.util.Collection;
import java.util.Map;

/** Measures a model on a data set. Must be safe for several threads. */
public interface Evaluator {

  /**
   * Measures the network that some of a model's blocks make.
   *
   * @param manifest of the model
   * @param blocks indices of the blocks: those of one of the model's stages, or all where it has
   *     none
   * @param weights flat vectors of these blocks, by block index; others are not looked at
   * @param data at least one sample
   * @throws IllegalArgumentException if the blocks make no network, the weights do not fit the
   *     model, or the data do not
   */
  Evaluation evaluate(
      ModelManifest manifest,
      Collection<Integer> blocks,
      Map<Integer, float[]> weights,
      Dataset data);

  /** Measures the deployed model. */
  default Evaluation evaluate(ModelManifest manifest, Map<Integer, float[]> weights, Dataset data) {
    return evaluate(manifest, manifest.deployedBlocks(), weights, data);
  }
}

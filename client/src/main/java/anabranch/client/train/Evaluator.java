// SPDX-License-Identifier: Apache-2.0
package anabranch.client.train;

import anabranch.client.data.Dataset;
import anabranch.protocol.model.ModelManifest;
import java.util.Map;

/** Measures a model on a data set. Must be safe for several threads. */
public interface Evaluator {

  /**
   * @param manifest of the model
   * @param weights flat vectors of all blocks, by block index
   * @param data at least one sample
   * @throws IllegalArgumentException if the weights do not fit the model, or the data do not
   */
  Evaluation evaluate(ModelManifest manifest, Map<Integer, float[]> weights, Dataset data);
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.client.train;

import java.util.Map;

/**
 * What came of local training.
 *
 * @param blocks trained weights by block index, exactly those of the task's trained blocks, laid
 *     out as they were given
 * @param samples number of samples trained on, at least 1: the weight of this client in the mean
 * @param metrics measurements by name, all finite, at most 63: the participant adds {@code
 *     peakMemoryBytes}. What the shipped trainer gives stands at {@link
 *     anabranch.client.train.torch.TorchTrainer}
 */
public record TrainingResult(
    Map<Integer, float[]> blocks, long samples, Map<String, Double> metrics) {

  public TrainingResult {
    blocks = Map.copyOf(blocks);
    metrics = Map.copyOf(metrics);
  }
}

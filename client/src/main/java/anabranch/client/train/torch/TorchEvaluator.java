// SPDX-License-Identifier: Apache-2.0
package anabranch.client.train.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.loss.Loss;
import anabranch.client.data.Dataset;
import anabranch.client.train.Evaluation;
import anabranch.protocol.model.ModelManifest;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Measures a model on a data set with DJL and PyTorch. Needs no turn: it may run while a {@link
 * TorchTrainer} trains.
 */
public final class TorchEvaluator {

  private static final int BATCH = 500;

  /**
   * @param manifest of the model
   * @param weights flat vectors of all blocks, by block index
   * @param data at least one sample
   * @throws IllegalArgumentException if the weights do not fit the model
   */
  public Evaluation evaluate(ModelManifest manifest, Map<Integer, float[]> weights, Dataset data) {
    int[] order = IntStream.range(0, data.size()).toArray();
    Loss crossEntropy = Loss.softmaxCrossEntropyLoss();
    try (NDManager manager = Torch.openManager()) {
      Network network = Network.load(manifest, weights, Set.of(), manager);
      double loss = 0;
      long correct = 0;
      for (int from = 0; from < order.length; from += BATCH) {
        Batch batch = Batch.of(data, order, from, Math.min(order.length, from + BATCH));
        try (NDManager scratch = manager.newSubManager()) {
          NDArray logits = network.forward(batch.featuresIn(scratch));
          NDArray labels = scratch.create(batch.labels());
          NDArray mean = crossEntropy.evaluate(new NDList(labels), new NDList(logits));
          loss += mean.getFloat() * (double) batch.size();
          correct += batch.countCorrect(logits.toFloatArray());
        }
      }
      return new Evaluation(loss / data.size(), (double) correct / data.size(), data.size());
    }
  }
}

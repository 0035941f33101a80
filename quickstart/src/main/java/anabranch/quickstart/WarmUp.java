// SPDX-License-Identifier: Apache-2.0
package anabranch.quickstart;

import anabranch.client.data.Dataset;
import anabranch.client.data.LocalData;
import anabranch.client.model.ModelDefinition;
import anabranch.client.train.TrainingTask;
import anabranch.client.train.torch.TorchEvaluator;
import anabranch.client.train.torch.TorchTrainer;
import anabranch.protocol.message.TrainingSettings;
import anabranch.protocol.model.ModelManifest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Loads PyTorch's native libraries, which takes seconds, and lets them train and evaluate a little,
 * so that the first round finds them ready.
 */
final class WarmUp {

  private static final int SAMPLES = 200;
  private static final int ANY_RING = 2;
  private static final TrainingSettings TRAINING =
      new TrainingSettings(1, 20, 0.01, 0, 0, Map.of());

  private WarmUp() {}

  static void run(ModelDefinition model, Dataset data) throws InterruptedException {
    ModelManifest manifest = model.manifest(ANY_RING);
    List<float[]> vectors = model.initialWeights(0);
    Map<Integer, float[]> weights = new HashMap<>();
    for (int block = 0; block < vectors.size(); block++) {
      weights.put(block, vectors.get(block));
    }
    Dataset some = data.subset(IntStream.range(0, Math.min(SAMPLES, data.size())).toArray());
    List<Integer> all = IntStream.range(0, vectors.size()).boxed().toList();
    new TorchTrainer()
        .train(
            new TrainingTask(manifest, weights, all, TRAINING, 1, 0, 0, 0),
            LocalData.withoutHeldOut(some));
    new TorchEvaluator().evaluate(manifest, weights, some);
  }
}

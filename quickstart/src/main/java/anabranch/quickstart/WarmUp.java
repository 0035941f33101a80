// SPDX-License-Identifier: Apache-2.0
package anabranch.quickstart;

import anabranch.client.data.Dataset;
import anabranch.client.data.LocalData;
import anabranch.client.train.TrainingTask;
import anabranch.client.train.torch.TorchEvaluator;
import anabranch.client.train.torch.TorchTrainer;
import anabranch.protocol.message.TrainingSettings;
import anabranch.protocol.model.ModelManifest;
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

  static void run(Workload workload) throws InterruptedException {
    ModelManifest manifest = workload.model().manifest(ANY_RING);
    Map<Integer, float[]> weights = workload.initialWeights();
    Dataset all = workload.data().train();
    Dataset some = all.subset(IntStream.range(0, Math.min(SAMPLES, all.size())).toArray());
    List<Integer> blocks = manifest.deployedBlocks();
    weights.keySet().retainAll(blocks);
    new TorchTrainer()
        .train(
            new TrainingTask(manifest, weights, blocks, TRAINING, 1, 1, 0, 0, 0),
            LocalData.withoutHeldOut(some));
    new TorchEvaluator().evaluate(manifest, weights, some);
  }
}

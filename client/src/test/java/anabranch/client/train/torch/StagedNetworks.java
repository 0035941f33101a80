// SPDX-License-Identifier: Apache-2.0
package anabranch.client.train.torch;

import ai.djl.ndarray.NDManager;
import anabranch.client.data.Dataset;
import anabranch.client.data.FashionMnist;
import anabranch.client.data.LocalData;
import anabranch.client.model.Architecture;
import anabranch.client.model.Exit;
import anabranch.client.model.ModelDefinition;
import anabranch.client.train.TrainingTask;
import anabranch.protocol.message.TrainingSettings;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Stage;
import anabranch.protocol.model.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** Networks in stages, data to train them with, and tasks of their stages. */
final class StagedNetworks {

  private static final KnownModels SHIPPED = new KnownModels(List.of());

  static final Dataset IMAGES = FashionMnist.shipped().train();
  static final LocalData LITTLE = samples(0, 64);
  static final TrainingSettings TWO_STEPS = new TrainingSettings(1, 32, 0.05, 0.9, 0, Map.of());

  /** Three stages of a net that is small enough for many runs. */
  static final ModelDefinition NET =
      Architecture.RESNET.define(
          Map.of("layers", "1,1,1", "widths", "4,8,16", "groups", "2", "cuts", "1,2"));

  static final ModelManifest MANIFEST = NET.manifest(4);

  private StagedNetworks() {}

  static LocalData samples(int from, int to) {
    return LocalData.withoutHeldOut(IMAGES.subset(IntStream.range(from, to).toArray()));
  }

  /** A stage of a fresh network; seed 1 each. */
  static TrainingTask task(
      ModelDefinition net, int stage, double lambda, double gamma, TrainingSettings settings) {
    return task(net.manifest(4), weights(net), stage, lambda, gamma, settings);
  }

  /**
   * @param model flat vectors of all blocks, of which the task has those of the stage
   * @param stage from 1
   */
  static TrainingTask task(
      ModelManifest manifest,
      Map<Integer, float[]> model,
      int stage,
      double lambda,
      double gamma,
      TrainingSettings settings) {
    Stage of = manifest.stages().get(stage - 1);
    Map<Integer, float[]> needed = new HashMap<>(model);
    needed.keySet().retainAll(of.blocks());
    return new TrainingTask(
        manifest, needed, of.trainBlocks(), settings, 1, stage, lambda, gamma, 1);
  }

  static Map<Integer, float[]> weights(ModelDefinition net) {
    List<float[]> initial = net.initialWeights(1);
    Map<Integer, float[]> weights = new HashMap<>();
    IntStream.range(0, initial.size()).forEach(block -> weights.put(block, initial.get(block)));
    return weights;
  }

  static Network network(TrainingTask task, NDManager manager) {
    return Network.load(
        SHIPPED,
        task.manifest(),
        Exit.ofOne(task.networkBlocks()),
        task.weights(),
        Set.copyOf(task.trainBlocks()),
        true,
        manager);
  }

  static Batch batch(int size) {
    return Batch.of(IMAGES, IntStream.range(0, size).toArray(), 0, size);
  }

  static float[] slice(float[] vector, Tensor tensor) {
    return Arrays.copyOfRange(vector, tensor.offset(), tensor.offset() + tensor.size());
  }
}

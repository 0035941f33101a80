// SPDX-License-Identifier: Apache-2.0
package anabranch.client.train.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.loss.Loss;
import anabranch.client.data.Dataset;
import anabranch.client.model.Exit;
import anabranch.client.model.ModelDefinition;
import anabranch.client.train.Evaluation;
import anabranch.client.train.Evaluator;
import anabranch.client.train.RankAuc;
import anabranch.protocol.model.ModelManifest;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Measures a model on a data set with DJL and PyTorch. Needs no turn: it may run while a {@link
 * TorchTrainer} trains.
 */
public final class TorchEvaluator implements Evaluator {

  private static final int BATCH = 500;

  private final KnownModels models;

  /**
   * @param own networks that are known beside those that are shipped
   */
  public TorchEvaluator(DjlModel... own) {
    this(KnownModels.with(own));
  }

  TorchEvaluator(KnownModels models) {
    this.models = models;
  }

  /**
   * An evaluator that knows networks made of the shipped layers, beside those that are shipped.
   *
   * @param own each with an architecture's name of its own
   */
  public static TorchEvaluator of(ModelDefinition... own) {
    return new TorchEvaluator(new KnownModels(List.of(own)));
  }

  @Override
  public Evaluation evaluate(
      ModelManifest manifest,
      Collection<Integer> blocks,
      Map<Integer, float[]> weights,
      Dataset data) {
    return evaluate(manifest, blocks, weights, data, BATCH);
  }

  /**
   * Measures the networks of all the manifest's stages as one, whose logits are the mean of theirs:
   * the ensemble of DepthFL (Kim et al. 2023).
   *
   * @param weights of the blocks of all stages
   * @throws IllegalArgumentException as the evaluation of one network, and if there are no stages,
   *     or one does not go on where the stage before ends
   */
  public Evaluation evaluateExits(
      ModelManifest manifest, Map<Integer, float[]> weights, Dataset data) {
    return evaluate(manifest, Exit.ofAll(manifest.stages()), weights, data, BATCH);
  }

  /**
   * The same in smaller batches, for less memory. The result depends on their size no more than on
   * the order in which floats are added.
   *
   * @param mostSamples of a batch, at least 1; more than {@value #BATCH} count as that many
   */
  Evaluation evaluate(
      ModelManifest manifest,
      Collection<Integer> blocks,
      Map<Integer, float[]> weights,
      Dataset data,
      int mostSamples) {
    return evaluate(manifest, Exit.ofOne(blocks), weights, data, mostSamples);
  }

  private Evaluation evaluate(
      ModelManifest manifest,
      List<Exit> exits,
      Map<Integer, float[]> weights,
      Dataset data,
      int mostSamples) {
    int batchSize = Math.min(BATCH, mostSamples);
    int[] order = IntStream.range(0, data.size()).toArray();
    Loss crossEntropy = Loss.softmaxCrossEntropyLoss();
    try (NDManager manager = Torch.openManager()) {
      Network network = Network.load(models, manifest, exits, weights, Set.of(), false, manager);
      network.requireFits(data);
      Staging staging = new Staging();
      double loss = 0;
      long correct = 0;
      float[] margins = new float[data.classes() == 2 ? data.size() : 0];
      for (int from = 0; from < order.length; from += batchSize) {
        Batch batch = Batch.of(data, order, from, Math.min(order.length, from + batchSize));
        try (NDManager scratch = manager.newSubManager()) {
          NDArray logits = network.forward(batch.featuresIn(scratch, staging));
          NDArray labels = scratch.create(batch.labels());
          NDArray mean = crossEntropy.evaluate(new NDList(labels), new NDList(logits));
          loss += mean.getFloat() * (double) batch.size();
          float[] values = logits.toFloatArray();
          correct += batch.countCorrect(values);
          for (int i = from; i < Math.min(margins.length, from + batchSize); i++) {
            margins[i] = values[2 * (i - from) + 1] - values[2 * (i - from)];
          }
        }
      }
      return new Evaluation(
          loss / data.size(), (double) correct / data.size(), auc(margins, data), data.size());
    }
  }

  /** Empty too for a model so far gone that its logits are not finite. */
  private static OptionalDouble auc(float[] margins, Dataset data) {
    RankAuc auc = new RankAuc(margins.length);
    for (int i = 0; i < margins.length; i++) {
      if (!Float.isFinite(margins[i])) {
        return OptionalDouble.empty();
      }
      auc.add(margins[i], data.label(i) == 1);
    }
    return auc.area();
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.client.memory;

import anabranch.client.data.LocalData;
import anabranch.client.model.Architecture;
import anabranch.client.model.ModelDefinition;
import anabranch.client.train.TrainingTask;
import anabranch.protocol.message.TrainingSettings;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Stage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What is to be trained where memory or time are measured.
 *
 * @param architecture that is shipped
 * @param settings of it
 * @param stages to be trained
 * @param batch samples in a batch
 * @param momentum of the optimizer
 * @param proximal weight of the proximal term in the loss
 * @param dependence whether the loss of the model's stages has both terms of block-wise training;
 *     that of the whole network never has
 */
public record Workload(
    String architecture,
    Map<String, String> settings,
    List<Stage> stages,
    int batch,
    double momentum,
    double proximal,
    boolean dependence) {

  private static final int RING = 4;
  private static final double LEARNING_RATE = 0.01;

  public Workload {
    settings = Map.copyOf(settings);
    stages = List.copyOf(stages);
  }

  ModelDefinition model() {
    return Architecture.named(architecture).define(settings);
  }

  /** That many batches of noise. */
  LocalData samples(ModelDefinition model, int batches) {
    return LocalData.withoutHeldOut(
        new NoiseSamples(batches * batch, model.inputShape(), model.classes()));
  }

  /** Training of one of the stages for an epoch, from the model's first weights. */
  TrainingTask task(ModelDefinition model, Stage stage) {
    ModelManifest manifest = model.manifest(RING);
    List<float[]> initial = model.initialWeights(1);
    Map<Integer, float[]> weights = new HashMap<>();
    stage.blocks().forEach(block -> weights.put(block, initial.get(block)));
    double weight = dependence && model.stages().contains(stage) ? 1 : 0;
    return new TrainingTask(
        manifest,
        weights,
        stage.trainBlocks(),
        new TrainingSettings(1, batch, LEARNING_RATE, momentum, proximal, Map.of()),
        1,
        1,
        weight,
        weight,
        1);
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.client.train.torch;

import static anabranch.client.train.torch.StagedNetworks.LITTLE;
import static anabranch.client.train.torch.StagedNetworks.MANIFEST;
import static anabranch.client.train.torch.StagedNetworks.NET;
import static anabranch.client.train.torch.StagedNetworks.TWO_STEPS;
import static anabranch.client.train.torch.StagedNetworks.batch;
import static anabranch.client.train.torch.StagedNetworks.network;
import static anabranch.client.train.torch.StagedNetworks.samples;
import static anabranch.client.train.torch.StagedNetworks.slice;
import static anabranch.client.train.torch.StagedNetworks.task;
import static anabranch.client.train.torch.StagedNetworks.weights;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import anabranch.client.data.LocalData;
import anabranch.client.model.Architecture;
import anabranch.client.model.ModelDefinition;
import anabranch.client.train.Evaluation;
import anabranch.client.train.TrainingResult;
import anabranch.client.train.TrainingTask;
import anabranch.protocol.message.TrainingSettings;
import anabranch.protocol.model.Block;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a stage trains and what it leaves, and that stages together learn. */
class StagedTrainingTest {

  private static final int TAIL1 = 1;

  private final TorchTrainer trainer = new TorchTrainer();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void stageReturnsWhatItTrainsAndEachOfItMoves(int stage) throws InterruptedException {
    TrainingTask task = task(NET, stage, 1, 1, TWO_STEPS);

    TrainingResult result = trainer.train(task, LITTLE);

    assertThat(result.blocks().keySet()).containsExactlyInAnyOrderElementsOf(task.trainBlocks());
    result
        .blocks()
        .forEach((block, vector) -> assertThat(vector).isNotEqualTo(task.weights().get(block)));
  }

  @Test
  void tailOfThePartBeforeIsTrainedAsFarAsItMatters() throws InterruptedException {
    TrainingTask together = task(NET, 2, 0, 0, TWO_STEPS);
    TrainingTask held =
        new TrainingTask(MANIFEST, together.weights(), List.of(2, 3, 6), TWO_STEPS, 1, 2, 0, 0, 1);

    assertThat(trainer.train(together, LITTLE).blocks().get(TAIL1))
        .isNotEqualTo(together.weights().get(TAIL1));
    assertThat(trainer.train(held, LITTLE).blocks()).doesNotContainKey(TAIL1);
  }

  @Test
  void heldBatchNormKeepsItsStatisticsAndTrainedOneReturnsThem() throws InterruptedException {
    ModelDefinition net =
        Architecture.RESNET.define(
            Map.of("layers", "1,1", "widths", "4,8", "norm", "batch", "cuts", "1"));
    TrainingTask task = task(net, 2, 0, 0, TWO_STEPS);

    Map<Integer, float[]> blocks = trainer.train(task, LITTLE).blocks();

    assertThat(blocks).containsOnlyKeys(1, 2, 4);
    for (int block : List.of(1, 2)) {
      Block layout = task.manifest().blocks().get(block);
      for (Tensor tensor : layout.tensors()) {
        assertThat(slice(blocks.get(block), tensor))
            .as(tensor.name())
            .isNotEqualTo(slice(task.weights().get(block), tensor));
      }
    }
  }

  @Test
  void onlyParametersOfTrainedBlocksGatherGradients() {
    TrainingTask task = task(NET, 3, 1, 1, TWO_STEPS);
    try (NDManager manager = Torch.openManager()) {
      Network network = network(task, manager);

      for (int block : task.networkBlocks()) {
        for (Tensor tensor : task.manifest().blocks().get(block).tensors()) {
          assertThat(network.array(tensor.name()).hasGradient())
              .as(tensor.name())
              .isEqualTo(task.trainBlocks().contains(block));
        }
      }
    }
  }

  @Test
  void frozenPrefixKeepsNoArrays() {
    TrainingTask task = task(NET, 3, 1, 1, TWO_STEPS);
    try (NDManager manager = Torch.openManager()) {
      Network network = network(task, manager);
      try (NDManager scratch = manager.newSubManager()) {
        NDArray input = batch(32).featuresIn(scratch, new Staging());

        ForwardPass pass = network.forward(input, ForwardPass.Observation.HEAD_TRAINED);

        assertThat(scratch.getManagedArrays())
            .containsExactlyInAnyOrder(
                input, pass.output(), pass.features().flat(), pass.features().projected());
      }
    }
  }

  @Test
  void deployedModelIsEvaluatedWithoutTheBlocksOfOtherStages() {
    Map<Integer, float[]> all = weights(NET);
    Map<Integer, float[]> deployed = new HashMap<>(all);
    deployed.keySet().retainAll(MANIFEST.deployedBlocks());
    TorchEvaluator evaluator = new TorchEvaluator();

    Evaluation evaluation = evaluator.evaluate(MANIFEST, all, LITTLE.train());

    assertThat(evaluation).isEqualTo(evaluator.evaluate(MANIFEST, deployed, LITTLE.train()));
    List<Integer> first = MANIFEST.stages().get(0).blocks();
    assertThat(evaluator.evaluate(MANIFEST, first, all, LITTLE.train()).loss())
        .isNotEqualTo(evaluation.loss());
  }

  @Test
  void blocksOfNoStageAreRefused() {
    Map<Integer, float[]> all = weights(NET);
    TrainingTask task = new TrainingTask(MANIFEST, all, List.of(0), TWO_STEPS, 1, 1, 0, 0, 1);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> trainer.train(task, LITTLE))
        .withMessageContaining("make no network")
        .withMessageContaining(MANIFEST.stages().get(0).blocks().toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"resnet", "vit-small"})
  void cycleOfStagesLearns(String label) throws InterruptedException {
    ModelDefinition net =
        label.equals("resnet") ? NET : Architecture.VIT_SMALL.define(Map.of("cuts", "2,4"));
    ModelManifest manifest = net.manifest(4);
    TrainingSettings settings = new TrainingSettings(2, 16, 0.05, 0.9, 0, Map.of());
    Map<Integer, float[]> model = weights(net);
    LocalData data = samples(0, 400);
    double before = new TorchEvaluator().evaluate(manifest, model, data.train()).accuracy();

    for (int round = 0; round < 2 * manifest.stages().size(); round++) {
      int stage = round % manifest.stages().size() + 1;
      model.putAll(trainer.train(task(manifest, model, stage, 0.3, 0.3, settings), data).blocks());
    }

    assertThat(new TorchEvaluator().evaluate(manifest, model, data.train()).accuracy())
        .isGreaterThan(before + 0.3);
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.client.example;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.client.data.Dataset;
import anabranch.client.data.FashionMnist;
import anabranch.client.data.LocalData;
import anabranch.client.model.BlockDefinition;
import anabranch.client.model.ModelDefinition;
import anabranch.client.train.Evaluator;
import anabranch.client.train.LocalTrainer;
import anabranch.client.train.TrainingTask;
import anabranch.client.train.torch.DjlModel;
import anabranch.client.train.torch.TorchEvaluator;
import anabranch.client.train.torch.TorchTrainer;
import anabranch.protocol.message.TrainingSettings;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Role;
import anabranch.protocol.model.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OwnNetworkTest {

  private static final DjlModel MODEL = OwnNetwork.model();
  private static final Dataset IMAGES =
      FashionMnist.shipped().train().subset(IntStream.range(0, 400).toArray());

  @Test
  void cutsMakeBlocksAndStages() {
    ModelDefinition definition = MODEL.definition();

    assertThat(definition.blocks())
        .extracting(BlockDefinition::name)
        .containsExactly("body1", "body2", "output1", "output2");
    assertThat(definition.stages())
        .containsExactly(new Stage(List.of(0, 2), List.of()), new Stage(List.of(1, 3), List.of(0)));
    assertThat(definition.blocks().get(0).tensors())
        .extracting(tensor -> tensor.name() + " " + tensor.role())
        .contains("01Conv2d.weight " + Role.PARAMETER, "02BatchNorm.runningMean " + Role.BUFFER);
  }

  @Test
  void stagesOfTheNetworkLearn() throws InterruptedException {
    ModelManifest manifest = MODEL.definition().manifest(4);
    List<float[]> initial = MODEL.definition().initialWeights(1);
    Map<Integer, float[]> model = new HashMap<>();
    IntStream.range(0, initial.size()).forEach(block -> model.put(block, initial.get(block)));
    TrainingSettings settings = new TrainingSettings(3, 20, 0.05, 0.9, 0, Map.of());
    LocalTrainer trainer = new TorchTrainer(MODEL);
    Evaluator evaluator = new TorchEvaluator(MODEL);
    double before = evaluator.evaluate(manifest, model, IMAGES).accuracy();

    for (int round = 0; round < 4; round++) {
      int index = round % 2;
      Stage stage = manifest.stages().get(index);
      Map<Integer, float[]> needed = new HashMap<>(model);
      needed.keySet().retainAll(stage.blocks());
      TrainingTask task =
          new TrainingTask(
              manifest,
              needed,
              stage.trainBlocks(),
              settings,
              round + 1,
              index + 1,
              0.2,
              0.2,
              round);
      model.putAll(trainer.train(task, LocalData.withoutHeldOut(IMAGES)).blocks());
    }

    assertThat(evaluator.evaluate(manifest, model, IMAGES).accuracy()).isGreaterThan(before + 0.5);
  }

  @Test
  void theDocumentationShowsThisCode() throws IOException {
    String source =
        Files.readString(Path.of("src/test/java/anabranch/client/example/OwnNetwork.java"));

    assertThat(Files.readString(Path.of("../docs/scalefl.md")))
        .contains(source.substring(source.indexOf("\nfinal class ")));
  }
}

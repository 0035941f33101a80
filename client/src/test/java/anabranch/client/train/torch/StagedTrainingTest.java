// SPDX-License-Identifier: Apache-2.0
package anabranch.client.train.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import anabranch.client.data.Dataset;
import anabranch.client.data.FashionMnist;
import anabranch.client.data.LocalData;
import anabranch.client.model.Architecture;
import anabranch.client.model.ModelDefinition;
import anabranch.client.train.Evaluation;
import anabranch.client.train.TrainingResult;
import anabranch.client.train.TrainingTask;
import anabranch.protocol.message.TrainingSettings;
import anabranch.protocol.model.Block;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Role;
import anabranch.protocol.model.Stage;
import anabranch.protocol.model.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StagedTrainingTest {

  private static final KnownModels SHIPPED = new KnownModels(List.of());
  private static final Dataset IMAGES = FashionMnist.shipped().train();
  private static final LocalData LITTLE = samples(0, 64);
  private static final TrainingSettings TWO_STEPS =
      new TrainingSettings(1, 32, 0.05, 0.9, 0, Map.of());

  /** Three stages of a net that is small enough for many runs. */
  private static final ModelDefinition NET =
      Architecture.RESNET.define(
          Map.of("layers", "1,1,1", "widths", "4,8,16", "groups", "2", "cuts", "1,2"));

  private static final ModelManifest MANIFEST = NET.manifest(4);
  private static final int TAIL1 = 1;
  private static final int BODY2 = 2;

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
        new TrainingTask(MANIFEST, together.weights(), List.of(2, 3, 6), TWO_STEPS, 2, 0, 0, 1);

    assertThat(trainer.train(together, LITTLE).blocks().get(TAIL1))
        .isNotEqualTo(together.weights().get(TAIL1));
    assertThat(trainer.train(held, LITTLE).blocks()).doesNotContainKey(TAIL1);
  }

  @Test
  void dependencesAreReportedAndHeadsTrainedOnlyWhereTheyCount() throws InterruptedException {
    TrainingTask off = task(NET, 2, 0, 0, TWO_STEPS);
    TrainingResult without = trainer.train(off, LITTLE);
    TrainingResult with = trainer.train(task(NET, 2, 0.5, 0.5, TWO_STEPS), LITTLE);

    assertThat(without.metrics()).containsOnlyKeys("loss", "accuracy", "seconds");
    assertThat(head(2, without.blocks())).isEqualTo(head(2, off.weights()));
    assertThat(with.metrics()).containsEntry("nhsicBatch", 32.0);
    assertThat(with.metrics().get("nhsicX")).isBetween(0.0, 1.0);
    assertThat(with.metrics().get("nhsicY")).isBetween(0.0, 1.0);
    assertThat(head(2, with.blocks())).isNotEqualTo(head(2, off.weights()));
  }

  @Test
  void reportedDependencesAreThoseOfTheFormula() throws InterruptedException {
    TrainingSettings still = new TrainingSettings(1, 64, 1e-30, 0, 0, Map.of());
    TrainingTask task = task(NET, 3, 1, 1, still);

    Map<String, Double> metrics = trainer.train(task, LITTLE).metrics();

    try (NDManager manager = Torch.openManager()) {
      Network network = network(task, manager);
      Batch batch = batch(64);
      NDArray input = batch.featuresIn(manager, new Staging());
      ForwardPass.Features features =
          network.forward(input, ForwardPass.Observation.HEAD_TRAINED).features();
      assertThat(metrics.get("nhsicX"))
          .isCloseTo(nhsic(rows(features.flat()), rows(input)), within(1e-5));
      assertThat(metrics.get("nhsicY"))
          .isCloseTo(nhsic(rows(features.projected()), oneHot(batch)), within(1e-5));
    }
  }

  @Test
  void trainingRaisesTheDependenceThatCounts() throws InterruptedException {
    TrainingSettings long1 = new TrainingSettings(20, 64, 0.05, 0, 0, Map.of());
    double neither = trainer.train(task(NET, 1, 1e-9, 1e-9, long1), LITTLE).metrics().get("nhsicX");
    double x = trainer.train(task(NET, 1, 5, 1e-9, long1), LITTLE).metrics().get("nhsicX");
    double before = trainer.train(task(NET, 1, 1e-9, 1e-9, long1), LITTLE).metrics().get("nhsicY");
    double y = trainer.train(task(NET, 1, 1e-9, 5, long1), LITTLE).metrics().get("nhsicY");

    assertThat(x).isGreaterThan(neither);
    assertThat(y).isGreaterThan(before);
  }

  @Test
  void slopesOfTheWholeLossAreFiniteDifferences() throws InterruptedException {
    // One step of size 1 without momentum moves a weight by its slope. The smooth transformer, so
    // that differences mean something.
    ModelDefinition net =
        Architecture.VIT_SMALL.define(
            Map.of(
                "patch",
                "14",
                "width",
                "8",
                "hidden",
                "8",
                "layers",
                "2",
                "heads",
                "2",
                "cuts",
                "1",
                "projection",
                "4"));
    TrainingSettings oneStep = new TrainingSettings(1, 64, 1, 0, 0, Map.of());
    TrainingTask task = task(net, 1, 0.8, 0.6, oneStep);
    Map<Integer, float[]> moved = trainer.train(task, LITTLE).blocks();

    for (int block : task.trainBlocks()) {
      float[] before = task.weights().get(block);
      for (int i = 0; i < before.length; i += Math.max(1, before.length / 12)) {
        double slope = before[i] - moved.get(block)[i];
        double difference = (loss(task, block, i, 1e-2f) - loss(task, block, i, -1e-2f)) / 2e-2;
        assertThat(slope).as("block %d, element %d", block, i).isCloseTo(difference, within(2e-3));
      }
    }
  }

  /** With one element moved. */
  private static double loss(TrainingTask task, int block, int element, float by) {
    Map<Integer, float[]> weights = new HashMap<>(task.weights());
    float[] moved = weights.get(block).clone();
    moved[element] += by;
    weights.put(block, moved);
    TrainingTask there =
        new TrainingTask(
            task.manifest(),
            weights,
            task.trainBlocks(),
            task.settings(),
            1,
            task.lambda(),
            task.gamma(),
            1);
    try (NDManager manager = Torch.openManager()) {
      Batch batch = batch(64);
      NDArray input = batch.featuresIn(manager, new Staging());
      ForwardPass pass =
          network(there, manager).forward(input, ForwardPass.Observation.HEAD_TRAINED);
      return crossEntropy(rows(pass.output()), batch.labels())
          - task.lambda() * nhsic(rows(pass.features().flat()), rows(input))
          - task.gamma() * nhsic(rows(pass.features().projected()), oneHot(batch));
    }
  }

  @Test
  void batchOfOneLabelTrainsOn() throws InterruptedException {
    int[] ofOneLabel =
        IntStream.range(0, 2000).filter(i -> IMAGES.label(i) == 3).limit(64).toArray();
    LocalData oneLabel = LocalData.withoutHeldOut(IMAGES.subset(ofOneLabel));
    TrainingTask task = task(NET, 2, 1, 1, TWO_STEPS);

    TrainingResult result = trainer.train(task, oneLabel);

    assertThat(result.metrics()).containsKey("nhsicX").doesNotContainKey("nhsicY");
    for (float[] vector : result.blocks().values()) {
      for (float value : vector) {
        assertThat(value).isFinite();
      }
    }
    assertThat(result.blocks().get(BODY2)).isNotEqualTo(task.weights().get(BODY2));
  }

  @Test
  void smallLastBatchTrainsWithoutTheTerms() throws InterruptedException {
    TrainingResult result = trainer.train(task(NET, 2, 1, 1, TWO_STEPS), samples(0, 39));

    assertThat(result.metrics()).containsEntry("nhsicBatch", 32.0);
    TrainingResult tiny = trainer.train(task(NET, 2, 1, 1, TWO_STEPS), samples(0, 7));
    assertThat(tiny.metrics()).containsOnlyKeys("loss", "accuracy", "seconds");
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
    TrainingTask task = new TrainingTask(MANIFEST, all, List.of(0), TWO_STEPS, 1, 0, 0, 1);

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

  private static LocalData samples(int from, int to) {
    return LocalData.withoutHeldOut(IMAGES.subset(IntStream.range(from, to).toArray()));
  }

  private static TrainingTask task(
      ModelDefinition net, int stage, double lambda, double gamma, TrainingSettings settings) {
    return task(net.manifest(4), weights(net), stage, lambda, gamma, settings);
  }

  private static TrainingTask task(
      ModelManifest manifest,
      Map<Integer, float[]> model,
      int stage,
      double lambda,
      double gamma,
      TrainingSettings settings) {
    Stage of = manifest.stages().get(stage - 1);
    Map<Integer, float[]> needed = new HashMap<>(model);
    needed.keySet().retainAll(of.blocks());
    return new TrainingTask(manifest, needed, of.trainBlocks(), settings, stage, lambda, gamma, 1);
  }

  private static Map<Integer, float[]> weights(ModelDefinition net) {
    List<float[]> initial = net.initialWeights(1);
    Map<Integer, float[]> weights = new HashMap<>();
    IntStream.range(0, initial.size()).forEach(block -> weights.put(block, initial.get(block)));
    return weights;
  }

  private static Network network(TrainingTask task, NDManager manager) {
    return Network.load(
        SHIPPED,
        task.manifest(),
        task.networkBlocks(),
        task.weights(),
        Set.copyOf(task.trainBlocks()),
        true,
        manager);
  }

  private static Batch batch(int size) {
    return Batch.of(IMAGES, IntStream.range(0, size).toArray(), 0, size);
  }

  /** Of the projection head of a stage, all values. */
  private static List<String> head(int stage, Map<Integer, float[]> weights) {
    Block output = MANIFEST.blocks().get(MANIFEST.blocks().size() - 4 + stage);
    return output.tensors().stream()
        .filter(tensor -> tensor.role() == Role.AUXILIARY)
        .map(tensor -> Arrays.toString(slice(weights.get(output.index()), tensor)))
        .toList();
  }

  private static float[] slice(float[] vector, Tensor tensor) {
    return Arrays.copyOfRange(vector, tensor.offset(), tensor.offset() + tensor.size());
  }

  private static double[][] rows(NDArray array) {
    float[] values = array.toFloatArray();
    int samples = (int) array.getShape().get(0);
    int width = values.length / samples;
    double[][] rows = new double[samples][width];
    IntStream.range(0, values.length).forEach(i -> rows[i / width][i % width] = values[i]);
    return rows;
  }

  private static double[][] oneHot(Batch batch) {
    double[][] rows = new double[batch.size()][batch.classes()];
    IntStream.range(0, batch.size()).forEach(i -> rows[i][batch.labels()[i]] = 1);
    return rows;
  }

  private static double crossEntropy(double[][] logits, int[] labels) {
    double sum = 0;
    for (int i = 0; i < labels.length; i++) {
      double all = Arrays.stream(logits[i]).map(Math::exp).sum();
      sum += Math.log(all) - logits[i][labels[i]];
    }
    return sum / labels.length;
  }

  /** As the formula is written: tr(K_a·H·K_b·H), with plain exponentials. */
  private static double nhsic(double[][] a, double[][] b) {
    double[][] one = centered(a);
    double[][] other = centered(b);
    return inner(one, other) / Math.sqrt(inner(one, one) * inner(other, other));
  }

  private static double inner(double[][] a, double[][] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a.length; j++) {
        sum += a[i][j] * b[j][i];
      }
    }
    return sum;
  }

  /** K·H. */
  private static double[][] centered(double[][] rows) {
    int samples = rows.length;
    double[][] kernel = new double[samples][samples];
    for (int i = 0; i < samples; i++) {
      for (int j = 0; j < samples; j++) {
        double distance = 0;
        for (int k = 0; k < rows[i].length; k++) {
          distance += (rows[i][k] - rows[j][k]) * (rows[i][k] - rows[j][k]);
        }
        kernel[i][j] = Math.exp(-distance / (50 * rows[i].length));
      }
      double mean = Arrays.stream(kernel[i]).average().orElseThrow();
      for (int j = 0; j < samples; j++) {
        kernel[i][j] -= mean;
      }
    }
    return kernel;
  }
}

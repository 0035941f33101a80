// SPDX-License-Identifier: Apache-2.0
package anabranch.client.train.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import anabranch.client.data.Dataset;
import anabranch.client.data.FashionMnist;
import anabranch.client.data.LocalData;
import anabranch.client.model.Architecture;
import anabranch.client.model.Exit;
import anabranch.client.model.ModelDefinition;
import anabranch.client.train.TrainingResult;
import anabranch.client.train.TrainingTask;
import anabranch.protocol.message.TrainingSettings;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Stage;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The networks of several stages, trained together. */
class ExitTrainingTest {

  private static final Dataset IMAGES = FashionMnist.shipped().train();
  private static final LocalData LITTLE =
      LocalData.withoutHeldOut(IMAGES.subset(IntStream.range(0, 32).toArray()));
  private static final TrainingSettings ONE_STEP = new TrainingSettings(1, 32, 0.1, 0, 0, Map.of());

  /** Blocks: three bodies, then the output of each. */
  private static final ModelDefinition NET =
      Architecture.RESNET.define(
          Map.of(
              "layers", "1,1,1", "widths", "4,8,16", "groups", "2", "cuts", "1,2", "tail",
              "false"));

  private static final ModelManifest MANIFEST = NET.manifest(4);
  private static final List<Integer> ALL = List.of(0, 1, 2, 3, 4, 5);

  private final TorchTrainer trainer = new TorchTrainer();

  @Test
  void measuredTogetherExitsAreAnEnsembleWhoseLogitsAreTheirMean() {
    Map<Integer, float[]> weights = weights();
    Dataset images = IMAGES.subset(IntStream.range(0, 50).toArray());
    TorchEvaluator evaluator = new TorchEvaluator();

    double together = evaluator.evaluateExits(MANIFEST, weights, images).loss();

    List<double[][]> each =
        MANIFEST.stages().stream().map(stage -> logits(stage, weights, images)).toList();
    double loss = 0;
    for (int i = 0; i < images.size(); i++) {
      double[] mean = new double[images.classes()];
      for (int c = 0; c < mean.length; c++) {
        int label = c;
        int sample = i;
        mean[label] = each.stream().mapToDouble(l -> l[sample][label]).average().orElseThrow();
      }
      double sum = Arrays.stream(mean).map(Math::exp).sum();
      loss += (Math.log(sum) - mean[images.label(i)]) / images.size();
    }
    assertThat(together).isCloseTo(loss, within(1e-5));
  }

  private static double[][] logits(Stage stage, Map<Integer, float[]> weights, Dataset images) {
    int[] order = IntStream.range(0, images.size()).toArray();
    Batch batch = Batch.of(images, order, 0, order.length);
    try (NDManager manager = Torch.openManager()) {
      Network network =
          Network.load(
              new KnownModels(List.of()),
              MANIFEST,
              Exit.ofOne(stage.blocks()),
              weights,
              Set.of(),
              false,
              manager);
      float[] flat = network.forward(batch.featuresIn(manager, new Staging())).toFloatArray();
      double[][] logits = new double[order.length][images.classes()];
      for (int i = 0; i < flat.length; i++) {
        logits[i / images.classes()][i % images.classes()] = flat[i];
      }
      return logits;
    }
  }

  @Test
  void withoutDistillationAStepIsTheSumOfTheStepsOfEachNetworkAlone() throws InterruptedException {
    Map<Integer, float[]> together = steps(trainer.trainExits(task(MANIFEST, ALL), LITTLE, 0));

    Map<Integer, float[]> sums = new HashMap<>();
    for (Stage stage : MANIFEST.stages()) {
      TrainingTask alone = task(MANIFEST, stage.blocks());
      steps(trainer.train(alone, LITTLE))
          .forEach((block, step) -> sums.merge(block, step, ExitTrainingTest::sum));
    }
    assertThat(together).containsOnlyKeys(ALL);
    together.forEach(
        (block, step) -> assertThat(step).containsExactly(sums.get(block), within(2e-6f)));
    assertThat(together.get(0)).isNotEqualTo(steps(trained(0, 3)).get(0));
  }

  /** A step of one network alone, all of whose blocks are trained. */
  private TrainingResult trained(Integer... blocks) throws InterruptedException {
    return trainer.train(task(MANIFEST, List.of(blocks)), LITTLE);
  }

  @Test
  void distillationMovesEveryBlockOtherwise() throws InterruptedException {
    TrainingResult without = trainer.trainExits(task(MANIFEST, ALL), LITTLE, 0);
    TrainingResult with = trainer.trainExits(task(MANIFEST, ALL), LITTLE, 1);

    for (int block : ALL) {
      assertThat(with.blocks().get(block)).isNotEqualTo(without.blocks().get(block));
    }
  }

  @Test
  void oneExitIsTrainedAsTheNetworkThatItIs() throws InterruptedException {
    ModelManifest first = ofFirst(1);

    TrainingResult exit = trainer.trainExits(task(first, List.of(0, 3)), LITTLE, 1);

    assertThat(exit.blocks()).usingRecursiveComparison().isEqualTo(trained(0, 3).blocks());
    assertThat(exit.metrics().get("loss")).isEqualTo(trained(0, 3).metrics().get("loss"));
  }

  @Test
  void measurementsAreThoseOfTheDeepestExit() throws InterruptedException {
    LocalData data = new LocalData(LITTLE.train(), LITTLE.train());
    TrainingResult result = trainer.trainExits(task(ofFirst(2), List.of(0, 1, 3, 4)), data, 1);

    List<Integer> second = MANIFEST.stages().get(1).blocks();
    double loss = new TorchEvaluator().evaluate(MANIFEST, second, weights(), LITTLE.train()).loss();
    assertThat(result.metrics().get("loss")).isCloseTo(loss, within(1e-5));
    assertThat(result.metrics().get("heldOutLoss")).isCloseTo(loss, within(1e-5));
  }

  @Test
  void everyExitLearns() throws InterruptedException {
    TrainingSettings settings = new TrainingSettings(10, 16, 0.02, 0.9, 0, Map.of());
    LocalData data = LocalData.withoutHeldOut(IMAGES.subset(IntStream.range(0, 400).toArray()));
    TrainingTask task = new TrainingTask(MANIFEST, weights(), ALL, settings, 1, 1, 0, 0, 1);

    Map<Integer, float[]> trained = trainer.trainExits(task, data, 1).blocks();

    for (Stage stage : MANIFEST.stages()) {
      assertThat(accuracy(stage, trained, data))
          .isGreaterThan(accuracy(stage, weights(), data) + 0.3);
    }
  }

  private static double accuracy(Stage stage, Map<Integer, float[]> weights, LocalData data) {
    return new TorchEvaluator()
        .evaluate(MANIFEST, stage.blocks(), weights, data.train())
        .accuracy();
  }

  @Test
  void tasksThatAreNotOfSeveralExitsAreRefused() {
    ModelManifest whole =
        Architecture.RESNET
            .define(Map.of("layers", "1,1,1", "widths", "4,8,16", "groups", "2"))
            .manifest(4);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> trainer.trainExits(task(whole, List.of(0, 1, 2, 3)), LITTLE, 1))
        .withMessageContaining("without stages");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> trainer.trainExits(task(MANIFEST, List.of(0, 3)), LITTLE, 1))
        .withMessageContaining("needs");
  }

  private static ModelManifest ofFirst(int exits) {
    List<Stage> stages = NET.stages().subList(0, exits);
    return new ModelManifest(
        MANIFEST.architecture(),
        MANIFEST.settings(),
        MANIFEST.ring(),
        MANIFEST.blocks(),
        MANIFEST.segments(),
        stages);
  }

  private static TrainingTask task(ModelManifest manifest, List<Integer> blocks) {
    Map<Integer, float[]> weights = weights();
    weights.keySet().retainAll(blocks);
    return new TrainingTask(manifest, weights, blocks, ONE_STEP, 1, 1, 0, 0, 1);
  }

  private static Map<Integer, float[]> weights() {
    List<float[]> initial = NET.initialWeights(1);
    Map<Integer, float[]> weights = new HashMap<>();
    ALL.forEach(block -> weights.put(block, initial.get(block)));
    return weights;
  }

  /** How far each block came. */
  private static Map<Integer, float[]> steps(TrainingResult result) {
    Map<Integer, float[]> steps = new HashMap<>();
    result
        .blocks()
        .forEach(
            (block, vector) -> {
              float[] from = weights().get(block);
              float[] step = new float[from.length];
              for (int i = 0; i < step.length; i++) {
                step[i] = vector[i] - from[i];
              }
              steps.put(block, step);
            });
    return steps;
  }

  private static float[] sum(float[] a, float[] b) {
    float[] sum = new float[a.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = a[i] + b[i];
    }
    return sum;
  }
}

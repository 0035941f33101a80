// SPDX-License-Identifier: Apache-2.0
package anabranch.client.train.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import anabranch.client.data.Dataset;
import anabranch.client.data.FashionMnist;
import anabranch.client.data.Hospital;
import anabranch.client.data.LocalData;
import anabranch.client.model.Architecture;
import anabranch.client.model.Exit;
import anabranch.client.model.ModelDefinition;
import anabranch.client.train.Evaluation;
import anabranch.client.train.TrainingResult;
import anabranch.client.train.TrainingTask;
import anabranch.protocol.message.TrainingSettings;
import anabranch.protocol.model.ModelManifest;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TorchTrainerTest {

  private static final FashionMnist DATA = FashionMnist.shipped();
  private static final Dataset LITTLE = DATA.train().subset(IntStream.range(0, 100).toArray());
  private static final LocalData LOCAL = LocalData.withoutHeldOut(LITTLE);
  private static final ModelDefinition CONV = Architecture.CONV_SMALL.define(Map.of());
  private static final ModelManifest MANIFEST = CONV.manifest(4);
  private static final TrainingSettings ONE_EPOCH =
      new TrainingSettings(1, 20, 0.05, 0.9, 0, Map.of());

  private static final KnownModels SHIPPED = new KnownModels(List.of());

  private final TorchTrainer trainer = new TorchTrainer();

  @Test
  void threeEpochsOnTheShippedImagesReachEightyPercent() throws InterruptedException {
    TrainingSettings settings = new TrainingSettings(3, 32, 0.02, 0.9, 0, Map.of());

    TrainingResult result =
        trainer.train(
            task(CONV, List.of(0, 1, 2, 3), settings, 1), LocalData.withoutHeldOut(DATA.train()));
    Evaluation evaluation = new TorchEvaluator().evaluate(MANIFEST, result.blocks(), DATA.test());

    assertThat(evaluation.accuracy()).isGreaterThan(0.8);
    assertThat(evaluation.samples()).isEqualTo(10_000);
    assertThat(result.samples()).isEqualTo(12_000);
    assertThat(result.metrics().get("accuracy")).isGreaterThan(0.8);
  }

  @Test
  void mcmahansNetLearnsAFewImagesByHeart() throws InterruptedException {
    TrainingSettings settings = new TrainingSettings(10, 20, 0.05, 0.5, 0, Map.of());
    ModelDefinition net = Architecture.MCMAHAN_CNN.define(Map.of());

    TrainingResult result = trainer.train(task(net, List.of(0, 1, 2, 3), settings, 1), LOCAL);

    assertThat(result.metrics().get("accuracy")).isGreaterThan(0.8);
  }

  @Test
  void samplesThatDoNotFitTheNetworkAreRefused() {
    LocalData years = LocalData.withoutHeldOut(Hospital.shipped().test());

    assertThatIllegalArgumentException()
        .isThrownBy(() -> trainer.train(task(CONV, List.of(0, 1, 2, 3), ONE_EPOCH, 1), years))
        .withMessageContaining("the data set has samples [24] of 2 classes");
  }

  @Test
  void frozenBlocksAreNotReturnedAndTrainedOnesMove() throws InterruptedException {
    TrainingTask task = task(CONV, List.of(1, 3), ONE_EPOCH, 1);

    Map<Integer, float[]> blocks = trainer.train(task, LOCAL).blocks();

    assertThat(blocks).containsOnlyKeys(1, 3);
    blocks.forEach((block, vector) -> assertThat(vector).isNotEqualTo(task.weights().get(block)));
  }

  @Test
  void givenWeightsAreNotChanged() throws InterruptedException {
    TrainingTask task = task(CONV, List.of(0, 1, 2, 3), ONE_EPOCH, 1);

    trainer.train(task, LOCAL);

    assertThat(task.weights())
        .usingRecursiveComparison()
        .isEqualTo(task(CONV, List.of(0, 1, 2, 3), ONE_EPOCH, 1).weights());
  }

  @Test
  void oneStepOfTheOutputBiasFollowsTheFormula() throws InterruptedException {
    // All weights 0: every logit is 0, every probability 0.1, so the gradient of the output's bias
    // is 0.1 minus the share of the class in the batch.
    ModelDefinition mlp = Architecture.MLP.define(Map.of());
    TrainingSettings oneStep = new TrainingSettings(1, 100, 0.5, 0, 0, Map.of());
    TrainingTask task =
        new TrainingTask(
            mlp.manifest(4),
            Map.of(0, new float[784 * 64 + 64], 1, new float[650]),
            List.of(1),
            oneStep,
            1,
            1,
            0,
            0,
            1);

    TrainingResult result = trainer.train(task, LOCAL);

    float[] output = result.blocks().get(1);
    for (int label = 0; label < 10; label++) {
      int wanted = label;
      long count = IntStream.range(0, 100).filter(i -> LITTLE.label(i) == wanted).count();
      assertThat(output[640 + label])
          .isCloseTo((float) (0.5 * (count / 100.0 - 0.1)), within(1e-6f));
    }
    assertThat(result.metrics().get("loss")).isCloseTo(Math.log(10), within(1e-5));
  }

  @Test
  void momentumAndProximalTermFollowTheFormula() throws InterruptedException {
    // As above with the same batch twice; only the bias has a gradient, since hidden values are 0.
    ModelDefinition mlp = Architecture.MLP.define(Map.of());
    TrainingSettings twoSteps = new TrainingSettings(2, 100, 0.1, 0.5, 2, Map.of());
    TrainingTask task =
        new TrainingTask(
            mlp.manifest(4),
            Map.of(0, new float[784 * 64 + 64], 1, new float[650]),
            List.of(1),
            twoSteps,
            1,
            1,
            0,
            0,
            1);

    float[] output = trainer.train(task, LOCAL).blocks().get(1);

    double[] share = new double[10];
    for (int i = 0; i < 100; i++) {
      share[LITTLE.label(i)] += 0.01;
    }
    double[] bias = new double[10];
    double[] velocity = new double[10];
    for (int step = 0; step < 2; step++) {
      double normaliser = 0;
      for (double b : bias) {
        normaliser += Math.exp(b);
      }
      double[] moved = bias.clone();
      for (int c = 0; c < 10; c++) {
        double gradient = Math.exp(bias[c]) / normaliser - share[c];
        velocity[c] = 0.5 * velocity[c] + gradient + 2 * bias[c];
        moved[c] -= 0.1 * velocity[c];
      }
      bias = moved;
    }
    for (int c = 0; c < 10; c++) {
      assertThat(output[640 + c]).isCloseTo((float) bias[c], within(1e-6f));
    }
  }

  @Test
  void heldOutSamplesMeasureTheReceivedModelAndDoNotWeigh() throws InterruptedException {
    Dataset heldOut = DATA.test().subset(IntStream.range(0, 50).toArray());
    TrainingTask task = task(CONV, List.of(0, 1, 2, 3), ONE_EPOCH, 1);

    TrainingResult result = trainer.train(task, new LocalData(LITTLE, heldOut));

    Evaluation received = new TorchEvaluator().evaluate(MANIFEST, task.weights(), heldOut);
    assertThat(result.metrics().get("heldOutLoss")).isCloseTo(received.loss(), within(1e-6));
    assertThat(result.metrics())
        .containsEntry("heldOutAccuracy", received.accuracy())
        .containsEntry("heldOutSamples", 50.0);
    assertThat(result.samples()).isEqualTo(100);
    TrainingResult without = trainer.train(task, LOCAL);
    assertThat(without.metrics()).containsOnlyKeys("loss", "accuracy", "seconds");
    assertThat(result.blocks()).usingRecursiveComparison().isEqualTo(without.blocks());
  }

  @Test
  void vectorsComeBackAsTheyWereLoaded() {
    Map<Integer, float[]> weights = weights(CONV);
    try (NDManager manager = Torch.openManager()) {
      Network network =
          Network.load(
              SHIPPED, MANIFEST, Exit.ofOne(weights.keySet()), weights, Set.of(0), false, manager);

      weights.forEach((block, vector) -> assertThat(network.vectorOf(block)).isEqualTo(vector));
    }
  }

  @Test
  void nativeArraysOfATaskAreFreedWithItAndDoNotGrowWithItsBatches() throws InterruptedException {
    TrainingSettings manySteps = new TrainingSettings(10, 1, 0.01, 0.9, 0.1, Map.of());

    NDManager system;
    try (NDManager manager = Torch.openManager()) {
      system = manager.getParentManager();
      TrainingTask task = task(CONV, List.of(2, 3), manySteps, 1);
      List<Exit> one = Exit.ofOne(task.networkBlocks());
      trainer.train(task, one, MutualDistillation.NONE, LITTLE, manager);

      // Eight tensors; of the four that are trained also values, velocity and received ones.
      assertThat(manager.getManagedArrays()).hasSize(8 + 4 * 3);
    }
    assertThat(system.getManagedArrays()).isEmpty();
  }

  @Test
  void withMaskedLogitsTheClassifierKeepsItsRowsOfLabelsThatTheClientLacks()
      throws InterruptedException {
    int classes = DATA.train().classes();
    LocalData firstHalf =
        LocalData.withoutHeldOut(
            LITTLE.subset(
                IntStream.range(0, LITTLE.size())
                    .filter(sample -> LITTLE.label(sample) < classes / 2)
                    .toArray()));
    float[] received = weights(CONV).get(3);
    TrainingTask task = task(CONV, List.of(0, 1, 2, 3), ONE_EPOCH, 1);

    float[] masked = TorchTrainer.maskingAbsentLabels().train(task, firstHalf).blocks().get(3);
    float[] plain = trainer.train(task, firstHalf).blocks().get(3);

    int hidden = received.length / classes - 1;
    for (int label = 0; label < classes; label++) {
      boolean present = label < classes / 2;
      assertThat(Arrays.equals(row(masked, label, hidden), row(received, label, hidden)))
          .isEqualTo(!present);
      assertThat(row(plain, label, hidden)).isNotEqualTo(row(received, label, hidden));
    }
  }

  @Test
  void whereNoLabelIsAbsentMaskingChangesNothing() throws InterruptedException {
    TrainingTask task = task(CONV, List.of(0, 1, 2, 3), ONE_EPOCH, 1);

    float[] masked = TorchTrainer.maskingAbsentLabels().train(task, LOCAL).blocks().get(0);

    assertThat(masked).isEqualTo(trainer.train(task, LOCAL).blocks().get(0));
  }

  /** A class's weights and its bias, of a classifier (classes × hidden, then classes). */
  private static float[] row(float[] classifier, int label, int hidden) {
    float[] row = Arrays.copyOfRange(classifier, label * hidden, (label + 1) * hidden + 1);
    row[hidden] = classifier[classifier.length - DATA.train().classes() + label];
    return row;
  }

  @Test
  void theSeedDecidesTheOrderOfBatches() throws InterruptedException {
    List<Integer> all = List.of(0, 1, 2, 3);

    float[] once = trainer.train(task(CONV, all, ONE_EPOCH, 7), LOCAL).blocks().get(3);
    float[] again = trainer.train(task(CONV, all, ONE_EPOCH, 7), LOCAL).blocks().get(3);
    float[] otherwise = trainer.train(task(CONV, all, ONE_EPOCH, 8), LOCAL).blocks().get(3);

    assertThat(again).isEqualTo(once);
    assertThat(otherwise).isNotEqualTo(once);
  }

  @Test
  void clientsOnManyThreadsTakeTurns() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      Callable<float[]> client =
          () -> trainer.train(task(CONV, List.of(3), ONE_EPOCH, 7), LOCAL).blocks().get(3);
      List<Future<float[]>> results = threads.invokeAll(Collections.nCopies(8, client));

      float[] first = results.get(0).get();
      for (Future<float[]> result : results) {
        assertThat(result.get()).isEqualTo(first);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void blockThatIsNotHereIsNamed() {
    Map<Integer, float[]> withoutHidden = new HashMap<>(weights(CONV));
    withoutHidden.remove(2);
    TrainingTask task =
        new TrainingTask(MANIFEST, withoutHidden, List.of(3), ONE_EPOCH, 1, 1, 0, 0, 1);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> trainer.train(task, LOCAL))
        .withMessageContaining("block 'hidden'");
  }

  private static TrainingTask task(
      ModelDefinition model, List<Integer> train, TrainingSettings settings, long seed) {
    return new TrainingTask(model.manifest(4), weights(model), train, settings, 1, 1, 0, 0, seed);
  }

  private static Map<Integer, float[]> weights(ModelDefinition model) {
    List<float[]> initial = model.initialWeights(1);
    Map<Integer, float[]> weights = new HashMap<>();
    for (int block = 0; block < initial.size(); block++) {
      weights.put(block, initial.get(block));
    }
    return weights;
  }
}

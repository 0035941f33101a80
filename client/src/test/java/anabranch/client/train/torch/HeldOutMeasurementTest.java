// SPDX-License-Identifier: Apache-2.0
package anabranch.client.train.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import anabranch.client.data.Dataset;
import anabranch.client.data.FashionMnist;
import anabranch.client.data.Hospital;
import anabranch.client.data.LocalData;
import anabranch.client.memory.Account;
import anabranch.client.memory.MemoryNeed;
import anabranch.client.model.Architecture;
import anabranch.client.model.ModelDefinition;
import anabranch.client.train.Evaluation;
import anabranch.client.train.TrainingTask;
import anabranch.protocol.codec.EncodingAxes;
import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.codec.EncodingSettings.Index;
import anabranch.protocol.message.Plan;
import anabranch.protocol.message.TrainingSettings;
import anabranch.protocol.model.Stage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A client that holds samples out measures the received model with the memory it trains with. */
class HeldOutMeasurementTest {

  private static final int BATCH = 32;
  private static final TrainingSettings ONE_EPOCH =
      new TrainingSettings(1, BATCH, 0.01, 0.9, 0, Map.of());
  private static final LocalData IMAGES = data(FashionMnist.shipped().train(), 64, 500);

  @Test
  void needIsThatOfTrainingHoweverManySamplesAreHeldOut() {
    ModelDefinition resnet = Architecture.RESNET.define(Map.of("cuts", "1"));
    MemoryNeed need = new MemoryNeed(BATCH, true, false);
    for (Stage stage : resnet.stages()) {
      assertThat(need(resnet, stage, EncodingSettings.DENSE_F32))
          .hasValue(need.expected(Account.of(resnet, stage, false)));
    }
  }

  @Test
  void trainingThatIsRestrictedNeedsTheMaskBesides() {
    ModelDefinition resnet = Architecture.RESNET.define(Map.of("cuts", "1"));
    Stage stage = resnet.stages().get(0);
    EncodingSettings restricted =
        new EncodingAxes("random-mask(0.1)").index(Index.SEEDED, 0.1).restricted(true).build();
    long mask = Account.of(resnet, stage, false).gradientBytes();

    assertThat(need(resnet, stage, restricted).orElseThrow())
        .isGreaterThanOrEqualTo(
            need(resnet, stage, EncodingSettings.DENSE_F32).orElseThrow() + mask);
  }

  private static OptionalLong need(ModelDefinition model, Stage stage, EncodingSettings encoding) {
    Plan plan =
        new Plan(
            1,
            0,
            1,
            List.of("ann"),
            stage.trainBlocks(),
            stage.holdBlocks(),
            1,
            0,
            0,
            0,
            1,
            60_000,
            ONE_EPOCH,
            encoding,
            List.of(),
            1_000);
    return new TorchTrainer().expectedMemory(model.manifest(4), plan, IMAGES);
  }

  @Test
  void batchesAreNoLargerThanThoseOfTraining() throws InterruptedException {
    List<Long> batches = new CopyOnWriteArrayList<>();
    DjlModel model = modelThatTells(batches);
    batches.clear();

    new TorchTrainer(model).train(task(model.definition()), IMAGES);

    assertThat(batches).allMatch(samples -> samples <= BATCH);
    assertThat(batches.stream().mapToLong(Long::longValue).sum()).isEqualTo(64 + 500);
  }

  @Test
  void metricsAreThoseOfAllSamplesAtOnce() throws InterruptedException {
    ModelDefinition mlp = Architecture.MLP.define(Map.of("inputs", "24", "classes", "2"));
    LocalData years = data(Hospital.shipped().test(), 64, 400);
    TrainingTask task = task(mlp);

    Map<String, Double> metrics = new TorchTrainer().train(task, years).metrics();

    Evaluation atOnce =
        new TorchEvaluator().evaluate(task.manifest(), task.weights(), years.heldOut());
    assertThat(metrics.get("heldOutLoss")).isCloseTo(atOnce.loss(), within(1e-6));
    assertThat(metrics.get("heldOutAccuracy")).isEqualTo(atOnce.accuracy());
    assertThat(metrics.get("heldOutAuc")).isCloseTo(atOnce.auc().orElseThrow(), within(1e-6));
    assertThat(metrics).containsEntry("heldOutSamples", 400.0);
  }

  /** A network that notes how many samples it is given at once. */
  private static DjlModel modelThatTells(List<Long> batches) {
    SequentialBlock network =
        new SequentialBlock()
            .add(Blocks.batchFlattenBlock())
            .add(LambdaBlock.singleton(x -> noted(x, batches)))
            .add(Linear.builder().setUnits(8).build())
            .add(Linear.builder().setUnits(10).build());
    return DjlModel.builder("tells-its-batches", network)
        .samples(List.of(1, 28, 28), 10)
        .output(3)
        .build();
  }

  private static NDArray noted(NDArray x, List<Long> batches) {
    batches.add(x.getShape().get(0));
    return x.mul(1);
  }

  private static LocalData data(Dataset samples, int train, int heldOut) {
    return new LocalData(
        samples.subset(IntStream.range(0, train).toArray()),
        samples.subset(IntStream.range(train, train + heldOut).toArray()));
  }

  private static TrainingTask task(ModelDefinition model) {
    List<float[]> initial = model.initialWeights(1);
    Map<Integer, float[]> weights = new HashMap<>();
    IntStream.range(0, initial.size()).forEach(block -> weights.put(block, initial.get(block)));
    List<Integer> all = weights.keySet().stream().sorted().toList();
    return new TrainingTask(model.manifest(4), weights, all, ONE_EPOCH, 1, 1, 0, 0, 1);
  }
}

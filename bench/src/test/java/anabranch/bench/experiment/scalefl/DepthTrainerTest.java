// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment.scalefl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import anabranch.client.data.Dataset;
import anabranch.client.data.FashionMnist;
import anabranch.client.data.LocalData;
import anabranch.client.memory.Account;
import anabranch.client.memory.MemoryNeed;
import anabranch.client.model.Architecture;
import anabranch.client.model.ModelDefinition;
import anabranch.client.train.TrainingResult;
import anabranch.client.train.TrainingTask;
import anabranch.client.train.torch.TorchTrainer;
import anabranch.protocol.message.TrainingSettings;
import anabranch.protocol.model.Stage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DepthTrainerTest {

  /** Blocks: four bodies, then the output of each. */
  private static final ModelDefinition NETWORK =
      DepthSlice.network(Architecture.RESNET.define(Method.DEPTHFL.modelSettings()));

  private static final int DEPTHS = 4;
  private static final int ROUNDS = 100;
  private static final TrainingSettings ONE_STEP =
      new TrainingSettings(1, 32, 0.1, 0.9, 0, Map.of());

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void clientMovesItsBodiesAndAllItsExitsAndLeavesDeeperBlocksAlone(int depth)
      throws InterruptedException {
    Map<Integer, float[]> received = weights();

    TrainingResult result = trainer(depth).train(task(received, 11), data());

    for (int i = 0; i < DEPTHS; i++) {
      for (int block : List.of(i, DEPTHS + i)) {
        float[] came = result.blocks().get(block);
        if (i < depth) {
          assertThat(came).as("block %d", block).isNotEqualTo(weights().get(block));
        } else {
          assertThat(came).as("block %d", block).isEqualTo(weights().get(block));
        }
      }
    }
    received.forEach(
        (block, vector) -> assertThat(vector).as("what was given").isEqualTo(weights().get(block)));
  }

  @Test
  void exitsTeachEachOtherMoreInLaterRounds() throws InterruptedException {
    float[] first = trainer(2).train(task(weights(), 1), data()).blocks().get(DEPTHS);
    float[] later = trainer(2).train(task(weights(), 31), data()).blocks().get(DEPTHS);
    float[] last = trainer(2).train(task(weights(), 100), data()).blocks().get(DEPTHS);

    assertThat(later).isNotEqualTo(first).isEqualTo(last);
  }

  /** exp(−5), exp(−5/4) and 1, at the beginning, half of the way and the end of 30 rounds. */
  @Test
  void weightOfTheOthersRisesOverTheFirstRounds() {
    assertThat(DepthTrainer.distillation(0, ROUNDS)).isCloseTo(0.006738, within(1e-6));
    assertThat(DepthTrainer.distillation(15, ROUNDS)).isCloseTo(0.286505, within(1e-6));
    assertThat(DepthTrainer.distillation(30, ROUNDS)).isCloseTo(1, within(1e-12));
    assertThat(DepthTrainer.distillation(99, ROUNDS)).isEqualTo(1);
  }

  @Test
  void memoryAndOperationsRiseWithTheDepth() {
    MemoryNeed need = new MemoryNeed(32, true, false);
    long memory = 0;
    long operations = 0;
    for (int depth = 1; depth <= DEPTHS; depth++) {
      Account account = Account.together(DepthSlice.prefix(NETWORK, depth));
      assertThat(need.accounted(account)).isGreaterThan(memory);
      assertThat(account.trainingOperations()).isGreaterThan(operations);
      memory = need.accounted(account);
      operations = account.trainingOperations();
    }
    ModelDefinition whole = Architecture.RESNET.define(Map.of());
    long ofWhole = need.accounted(Account.of(whole, Account.whole(whole), false));
    // Or clients that can train the whole network could not train its deepest exit.
    assertThat(memory).isBetween(ofWhole, ofWhole + ofWhole / 1000);
  }

  @Test
  void federationTrainsAllExitsAndDeploysTheDeepest() {
    ModelDefinition model = DepthSlice.federated(NETWORK);

    assertThat(model.stages())
        .containsExactly(
            new Stage(List.of(0, 1, 2, 3, 4, 5, 6, 7), List.of()), NETWORK.stages().get(3));
    assertThat(model.manifest(4).deployedBlocks()).containsExactly(0, 1, 2, 3, 7);
  }

  private static DepthTrainer trainer(int depth) {
    return new DepthTrainer(TorchTrainer.of(NETWORK), DepthSlice.prefix(NETWORK, depth), ROUNDS);
  }

  private static TrainingTask task(Map<Integer, float[]> weights, int round) {
    ModelDefinition model = DepthSlice.federated(NETWORK);
    return new TrainingTask(
        model.manifest(4),
        weights,
        model.stages().get(0).trainBlocks(),
        ONE_STEP,
        round,
        1,
        0,
        0,
        1);
  }

  private static Map<Integer, float[]> weights() {
    List<float[]> initial = NETWORK.initialWeights(1);
    Map<Integer, float[]> weights = new HashMap<>();
    IntStream.range(0, initial.size()).forEach(block -> weights.put(block, initial.get(block)));
    return weights;
  }

  private static LocalData data() {
    Dataset images = FashionMnist.shipped().train();
    return LocalData.withoutHeldOut(images.subset(IntStream.range(0, 32).toArray()));
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.client.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import anabranch.client.data.Dataset;
import anabranch.client.data.Hospital;
import anabranch.client.data.LocalData;
import anabranch.client.model.Architecture;
import anabranch.protocol.message.TrainingSettings;
import anabranch.protocol.model.ModelManifest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LocalOnlyBaselineTest {

  private static final Dataset YEARS = Hospital.shipped().train();
  private static final ModelManifest MANIFEST =
      Architecture.MLP.define(Map.of("inputs", "24", "hidden", "1", "classes", "2")).manifest(2);
  private static final Map<Integer, float[]> INITIAL = Map.of(0, new float[25], 1, new float[4]);
  private static final TrainingSettings SETTINGS =
      new TrainingSettings(1, 32, 0.05, 0, 0, Map.of());

  /** Adds the number of the client's samples to every weight. */
  private static final LocalTrainer ADD_SIZE =
      (task, data) -> {
        Map<Integer, float[]> blocks = new HashMap<>();
        for (int block : task.trainBlocks()) {
          float[] vector = task.weights().get(block).clone();
          for (int i = 0; i < vector.length; i++) {
            vector[i] += data.train().size();
          }
          blocks.put(block, vector);
        }
        return new TrainingResult(blocks, data.train().size(), Map.of());
      };

  /** Scores best when the first weight is 4. */
  private static final Evaluator FOUR_IS_BEST =
      (manifest, blocks, weights, data) ->
          new Evaluation(
              weights.get(0)[0],
              1 - Math.abs(weights.get(0)[0] - 4) / 100,
              OptionalDouble.empty(),
              data.size());

  private final LocalOnlyBaseline baseline = new LocalOnlyBaseline(ADD_SIZE, FOUR_IS_BEST);

  @Test
  void eachClientGoesOnFromItsOwnWeightsAlone() throws InterruptedException {
    LocalOnlyResult result =
        baseline.run(MANIFEST, INITIAL, List.of(client(1), client(2)), SETTINGS, 5, YEARS, 1);

    assertThat(result.clients())
        .extracting(LocalOnlyResult.Client::samples)
        .containsExactly(1L, 2L);
    assertThat(result.clients().get(0).evaluations())
        .extracting(Evaluation::loss)
        .containsExactly(1.0, 2.0, 3.0, 4.0, 5.0);
    assertThat(result.clients().get(1).last().loss()).isEqualTo(10);
    assertThat(INITIAL.get(0)).containsOnly(0);
  }

  @Test
  void meansCountEveryClientAlikeAndTheBestIsOfItsOwnRound() throws InterruptedException {
    LocalOnlyResult result =
        baseline.run(MANIFEST, INITIAL, List.of(client(1), client(2)), SETTINGS, 5, YEARS, 1);

    assertThat(result.meanScore()).isCloseTo((0.99 + 0.94) / 2, within(1e-6));
    assertThat(result.meanBestScore()).isCloseTo(1, within(1e-6));
  }

  @Test
  void nothingToTrainIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> baseline.run(MANIFEST, INITIAL, List.of(), SETTINGS, 5, YEARS, 1));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> baseline.run(MANIFEST, INITIAL, List.of(client(1)), SETTINGS, 0, YEARS, 1));
  }

  private static LocalData client(int samples) {
    return LocalData.withoutHeldOut(YEARS.subset(IntStream.range(0, samples).toArray()));
  }
}

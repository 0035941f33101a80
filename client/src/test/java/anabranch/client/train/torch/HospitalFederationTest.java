// SPDX-License-Identifier: Apache-2.0
package anabranch.client.train.torch;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.client.data.DatasetCatalog;
import anabranch.client.data.FederatedDataset;
import anabranch.client.data.LocalData;
import anabranch.client.model.ModelChoice;
import anabranch.client.model.ModelDefinition;
import anabranch.client.train.LocalOnlyBaseline;
import anabranch.client.train.LocalOnlyResult;
import anabranch.client.train.TrainingResult;
import anabranch.client.train.TrainingTask;
import anabranch.protocol.model.ModelManifest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HospitalFederationTest {

  private static final long SEED = 1;

  private final TorchTrainer trainer = new TorchTrainer();
  private final TorchEvaluator evaluator = new TorchEvaluator();

  @Test
  void sixSitesTogetherScoreAboveWhatTheyReachAlone() throws Exception {
    FederatedDataset data = DatasetCatalog.HOSPITAL.open(Optional.empty());
    FederatedDataset.Defaults defaults = data.defaults();
    ModelDefinition model = ModelChoice.of(data, null, Map.of());
    Map<Integer, float[]> initial = new HashMap<>();
    model.initialWeights(SEED).forEach(vector -> initial.put(initial.size(), vector));
    List<LocalData> sites =
        defaults.partition().divide(data.train(), defaults.clients(), SEED).stream()
            .map(share -> LocalData.withoutHeldOut(data.train().subset(share)))
            .toList();

    LocalOnlyResult alone =
        new LocalOnlyBaseline(trainer, evaluator)
            .run(
                model.manifest(2),
                initial,
                sites,
                defaults.training(),
                defaults.rounds(),
                data.test(),
                SEED);
    Map<Integer, float[]> together = federate(model.manifest(2), initial, sites, defaults);

    double score = evaluator.evaluate(model.manifest(2), together, data.test()).score();
    assertThat(score).isGreaterThan(alone.meanBestScore() + 0.01);
    assertThat(score).isGreaterThan(alone.meanScore() + 0.04);
  }

  /** Federated averaging, all sites in every round. */
  private Map<Integer, float[]> federate(
      ModelManifest manifest,
      Map<Integer, float[]> initial,
      List<LocalData> sites,
      FederatedDataset.Defaults defaults)
      throws InterruptedException {
    List<Integer> blocks = IntStream.range(0, initial.size()).boxed().toList();
    Map<Integer, float[]> weights = initial;
    for (int round = 0; round < defaults.rounds(); round++) {
      List<TrainingResult> results = new ArrayList<>();
      for (LocalData site : sites) {
        long seed = SEED * 1_000_000 + round * 1_000L + results.size();
        results.add(
            trainer.train(
                new TrainingTask(
                    manifest, weights, blocks, defaults.training(), round + 1, 1, 0, 0, seed),
                site));
      }
      weights = mean(results);
    }
    return weights;
  }

  private static Map<Integer, float[]> mean(List<TrainingResult> results) {
    double samples = results.stream().mapToLong(TrainingResult::samples).sum();
    Map<Integer, float[]> mean = new HashMap<>();
    for (int block : results.get(0).blocks().keySet()) {
      double[] sum = new double[results.get(0).blocks().get(block).length];
      for (TrainingResult result : results) {
        for (int i = 0; i < sum.length; i++) {
          sum[i] += result.samples() / samples * result.blocks().get(block)[i];
        }
      }
      float[] vector = new float[sum.length];
      for (int i = 0; i < vector.length; i++) {
        vector[i] = (float) sum[i];
      }
      mean.put(block, vector);
    }
    return mean;
  }
}

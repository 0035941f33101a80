// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.federation;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import anabranch.client.data.Dataset;
import anabranch.client.data.DatasetCatalog;
import anabranch.client.data.LocalData;
import anabranch.client.fleet.FleetClient;
import anabranch.client.model.Architecture;
import anabranch.client.model.ModelDefinition;
import anabranch.client.train.LocalTrainer;
import anabranch.client.train.TrainingResult;
import anabranch.client.train.TrainingTask;
import anabranch.job.config.ConfigException;
import anabranch.job.config.FederationConfig;
import anabranch.job.config.FederationConfigLoader;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A federation through a broker and a Flink cluster whose training leaves all bounds. */
class ClusterFederationITCase {

  private static final ModelDefinition MODEL =
      Architecture.MLP.define(Map.of("inputs", "4", "hidden", "3", "classes", "2"));

  @Test
  void clientThatCannotTrainHasDiverged() {
    assertThatThrownBy(
            () ->
                run(
                    (task, data) -> {
                      throw new IllegalArgumentException("the loss is NaN");
                    }))
        .isInstanceOf(DivergedException.class)
        .hasMessage("a client cannot train round 1");
  }

  @Test
  void refusedRecordHasDiverged() {
    assertThatThrownBy(() -> run((task, data) -> filled(task, 1e9f)))
        .isInstanceOf(DivergedException.class)
        .hasMessage("2 records were refused in round 1");
  }

  private static TrainingResult filled(TrainingTask task, float value) {
    Map<Integer, float[]> blocks = new HashMap<>();
    for (int block : task.trainBlocks()) {
      float[] weights = new float[task.weights().get(block).length];
      Arrays.fill(weights, value);
      blocks.put(block, weights);
    }
    return new TrainingResult(blocks, 4, Map.of());
  }

  private static void run(LocalTrainer trainer) throws Exception {
    Dataset admissions = DatasetCatalog.HOSPITAL.open(Optional.empty()).train();
    LocalData data = LocalData.withoutHeldOut(admissions.subset(new int[] {0, 1, 2, 3}));
    new ClusterFederation(
            ClusterFederationITCase::config,
            MODEL,
            MODEL.initialWeights(1),
            FleetClient.sharing(trainer, List.of(data, data)))
        .run(round -> {});
  }

  private static FederationConfig config(String bootstrapServers) {
    try {
      return FederationConfigLoader.load(
          null,
          List.of(
              "federation=diverging",
              "kafka.bootstrap-servers=" + bootstrapServers,
              "checkpoint.interval=200ms",
              "round.limit=2",
              "round.deadline=5s",
              "cohort.size=2"));
    } catch (ConfigException e) {
      throw new IllegalArgumentException(e);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment.compression;

import anabranch.bench.experiment.TrainingPart;
import anabranch.client.data.Dataset;
import anabranch.client.data.DatasetCatalog;
import anabranch.client.data.FederatedDataset;
import anabranch.client.data.LocalData;
import anabranch.client.data.Partition;
import anabranch.client.model.ModelChoice;
import anabranch.client.model.ModelDefinition;
import anabranch.job.config.ConfigException;
import anabranch.job.config.FederationConfig;
import anabranch.job.config.FederationConfigLoader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a run trains and how, which is the same wherever it runs.
 *
 * @param settings of the run
 * @param model the network
 * @param shares the samples of each client
 * @param measured samples on which accuracy is measured
 */
record Workload(
    RunSettings settings, ModelDefinition model, List<LocalData> shares, Dataset measured) {

  private static final DatasetCatalog DATA = DatasetCatalog.FASHION_MNIST;

  /**
   * Reads and divides the data.
   *
   * @throws IOException if they cannot be read
   */
  static Workload of(RunSettings settings) throws IOException {
    FederatedDataset data = DATA.open(Optional.empty());
    TrainingPart part = TrainingPart.of(data, settings.trainingShare(), settings.seed());
    List<LocalData> shares =
        Partition.parse(settings.partition())
            .divide(part.trained(), settings.clients(), settings.seed())
            .stream()
            .map(share -> LocalData.withoutHeldOut(part.trained().subset(share)))
            .toList();
    return new Workload(settings, ModelChoice.of(data, null, Map.of()), shares, part.measured());
  }

  /** Values of version 0, one flat vector a block. */
  List<float[]> initialWeights() {
    return model.initialWeights(settings.seed());
  }

  /** The federation's configuration, see {@link #config(RunSettings, String)}. */
  FederationConfig config(String bootstrapServers) {
    return config(settings, bootstrapServers);
  }

  /**
   * The configuration of a run's federation.
   *
   * @param bootstrapServers of its brokers
   * @throws IllegalArgumentException if the preset's keys are not sound
   */
  static FederationConfig config(RunSettings settings, String bootstrapServers) {
    List<String> keys = new ArrayList<>();
    keys.add("federation=experiment");
    keys.add("seed=" + settings.seed());
    keys.add("kafka.bootstrap-servers=" + bootstrapServers);
    keys.add("round.limit=" + settings.rounds());
    keys.add("round.deadline=10min");
    // Whoever measures each version may fall some behind.
    keys.add("model.ring=8");
    keys.add("cohort.size=" + settings.cohort());
    // Whom the seed draws must not depend on who checked in first.
    keys.add("cohort.min-available=" + settings.clients());
    keys.add("training.epochs=" + settings.epochs());
    keys.add("training.batch-size=" + settings.batchSize());
    keys.add("training.learning-rate=" + settings.learningRate());
    keys.addAll(settings.configuration());
    try {
      return FederationConfigLoader.load(null, keys);
    } catch (ConfigException e) {
      throw new IllegalArgumentException(
          "preset '%s' is not sound: %s".formatted(settings.preset(), e.getMessage()), e);
    }
  }
}

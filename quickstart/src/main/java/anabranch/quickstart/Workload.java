// SPDX-License-Identifier: Apache-2.0
package anabranch.quickstart;

import anabranch.client.data.FederatedDataset;
import anabranch.client.data.LocalData;
import anabranch.client.fleet.FleetClient;
import anabranch.client.model.ModelChoice;
import anabranch.client.model.ModelDefinition;
import anabranch.client.train.LocalTrainer;
import anabranch.quickstart.report.Score;
import java.io.IOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What is trained, and who has which samples.
 *
 * @param data all samples
 * @param model the network, fitted to them
 * @param blockwise how the network is trained block by block, if it is
 * @param shares of the training samples, one a client
 * @param seed of the model's first values
 */
record Workload(
    FederatedDataset data,
    ModelDefinition model,
    Optional<BlockwiseTraining> blockwise,
    List<LocalData> shares,
    long seed) {

  /** All samples are trained on: the test samples measure the model. */
  static final double HELD_OUT = 0;

  /**
   * Reads and divides the data.
   *
   * @throws IOException if a file is missing or damaged
   * @throws IllegalArgumentException if data, model, partition and clients do not fit each other
   */
  static Workload open(QuickstartSettings settings) throws IOException {
    FederatedDataset data = settings.dataset().open(Optional.ofNullable(settings.data()));
    ModelDefinition model = model(data, settings);
    Optional<BlockwiseTraining> blockwise =
        settings.scalefl() ? Optional.of(BlockwiseTraining.of(model, settings)) : Optional.empty();
    List<LocalData> shares =
        settings.partition().divide(data.train(), settings.clients(), settings.seed()).stream()
            .map(share -> LocalData.split(data.train().subset(share), HELD_OUT, settings.seed()))
            .toList();
    return new Workload(data, model, blockwise, shares, settings.seed());
  }

  private static ModelDefinition model(FederatedDataset data, QuickstartSettings settings) {
    if (!settings.scalefl()) {
      return ModelChoice.of(data, settings.architecture(), Map.of());
    }
    String architecture =
        settings.architecture() == null ? BlockwiseTraining.ARCHITECTURE : settings.architecture();
    return ModelChoice.of(data, architecture, BlockwiseTraining.MODEL_SETTINGS);
  }

  /** Memory that each client gives to training, in bytes; 0 where it does not say. */
  List<Long> memoryBytes() {
    return blockwise
        .map(stages -> stages.budgets().bytes())
        .orElseGet(() -> Collections.nCopies(shares.size(), 0L));
  }

  /**
   * The members of the fleet.
   *
   * @param trainer that they share
   */
  List<FleetClient> clients(LocalTrainer trainer) {
    List<Long> memory = memoryBytes();
    return IntStream.range(0, shares.size())
        .mapToObj(i -> new FleetClient(shares.get(i), memory.get(i), trainer))
        .toList();
  }

  /** Values of version 0, flat vectors by block index. */
  Map<Integer, float[]> initialWeights() {
    List<float[]> vectors = model.initialWeights(seed);
    Map<Integer, float[]> weights = new HashMap<>();
    for (int block = 0; block < vectors.size(); block++) {
      weights.put(block, vectors.get(block));
    }
    return weights;
  }

  /** What its models are judged by, see {@link anabranch.client.train.Evaluation#score()}. */
  Score score() {
    return data.classes() == 2 ? Score.AUC : Score.ACCURACY;
  }
}

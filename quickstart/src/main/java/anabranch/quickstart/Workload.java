// SPDX-License-Identifier: Apache-2.0
package anabranch.quickstart;

import anabranch.client.data.FederatedDataset;
import anabranch.client.data.LocalData;
import anabranch.client.model.ModelChoice;
import anabranch.client.model.ModelDefinition;
import anabranch.quickstart.report.Score;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is trained, and who has which samples.
 *
 * @param data all samples
 * @param model the network, fitted to them
 * @param shares of the training samples, one a client
 * @param seed of the model's first values
 */
record Workload(FederatedDataset data, ModelDefinition model, List<LocalData> shares, long seed) {

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
    ModelDefinition model = ModelChoice.of(data, settings.architecture(), Map.of());
    List<LocalData> shares =
        settings.partition().divide(data.train(), settings.clients(), settings.seed()).stream()
            .map(share -> LocalData.split(data.train().subset(share), HELD_OUT, settings.seed()))
            .toList();
    return new Workload(data, model, shares, settings.seed());
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

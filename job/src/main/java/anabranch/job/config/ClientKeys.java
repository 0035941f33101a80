// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

import java.util.Map;

/** How clients train. */
final class ClientKeys {

  static final KeyTable TABLE = new KeyTable();

  static final ConfigKey<Long> TRAINING_EPOCHS =
      TABLE.key(
          "training.epochs",
          new WholeNumber(1, 1_000_000),
          "1",
          "passes",
          "Over a client's samples in a round. More means fewer rounds and more drift.");
  static final ConfigKey<Long> TRAINING_BATCH_SIZE =
      TABLE.key(
          "training.batch-size", new WholeNumber(1, 1_000_000), "20", "samples", "Of a step.");
  static final ConfigKey<Double> TRAINING_LEARNING_RATE =
      TABLE.key(
          "training.learning-rate",
          Decimal.above(0),
          "0.05",
          "Step size of the clients' optimizer.");
  static final ConfigKey<Double> TRAINING_MOMENTUM =
      TABLE.key(
          "training.momentum",
          Decimal.fromToBelow(0, 1),
          "0.0",
          "Of the clients' optimizer; it begins anew in every round.");
  static final ConfigKey<Double> TRAINING_PROXIMAL =
      TABLE.key(
          "training.proximal",
          Decimal.atLeast(0),
          "0.0",
          "μ of FedProx (arXiv 1812.06127), which holds clients near the global model. Block-wise"
              + " training has the term too; the weight that its paper used is not published.");
  static final ConfigKey<Map<String, String>> TRAINING_EXTRA =
      TABLE.key(
          "training.extra",
          new TextMap(),
          "{}",
          "Travels in every plan, for trainers of your own.");

  private ClientKeys() {}
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.client.data;

import anabranch.protocol.message.TrainingSettings;
import java.util.Map;

/**
 * A data set to be divided among clients, with what suits it.
 *
 * @param name as in {@link DatasetCatalog}
 * @param train samples to divide among the clients, at least one
 * @param test samples that no client has, for evaluating the global model, at least one
 * @param defaults for those who choose nothing
 */
public record FederatedDataset(String name, Dataset train, Dataset test, Defaults defaults) {

  /** Number of classes. */
  public int classes() {
    return train.classes();
  }

  /**
   * What suits a data set. The settings of training were chosen on seeds that no published figure
   * uses.
   *
   * @param clients number of simulated clients
   * @param cohort clients a round
   * @param rounds after which the model is good
   * @param partition among the clients
   * @param architecture label of a network that takes the samples
   * @param architectureSettings of that network where they differ from its own defaults, without
   *     those that follow from the samples
   * @param training of a client in a round
   */
  public record Defaults(
      int clients,
      int cohort,
      int rounds,
      Partition partition,
      String architecture,
      Map<String, String> architectureSettings,
      TrainingSettings training) {

    public Defaults {
      architectureSettings = Map.copyOf(architectureSettings);
    }
  }

  /** The samples alone. */
  record Samples(Dataset train, Dataset test) {}
}

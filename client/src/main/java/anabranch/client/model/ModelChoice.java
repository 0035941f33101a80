// SPDX-License-Identifier: Apache-2.0
package anabranch.client.model;

import anabranch.client.data.FederatedDataset;
import java.util.HashMap;
import java.util.Map;

/** Finds the network for a data set from what a user asked for and what suits the data. */
public final class ModelChoice {

  private ModelChoice() {}

  /**
   * The network that a user wants, fitted to the data set.
   *
   * @param label of the architecture, or null for the one that suits the data set
   * @param settings that the user gives; they win over those that suit the data set, which count
   *     only for its own architecture
   * @throws IllegalArgumentException if there is no such architecture or setting, or the network
   *     cannot take the samples
   */
  public static ModelDefinition of(
      FederatedDataset data, String label, Map<String, String> settings) {
    String chosen = label == null ? data.defaults().architecture() : label;
    Map<String, String> all = new HashMap<>();
    if (chosen.equals(data.defaults().architecture())) {
      all.putAll(data.defaults().architectureSettings());
    }
    all.putAll(settings);
    return Architecture.named(chosen).defineFor(data.train().shape(), data.classes(), all);
  }
}

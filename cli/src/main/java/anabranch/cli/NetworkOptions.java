// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import anabranch.client.data.DatasetCatalog;
import anabranch.client.model.Architecture;
import anabranch.client.model.ModelChoice;
import anabranch.client.model.ModelDefinition;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which network a command is about. */
final class NetworkOptions {

  private static final String DEFAULT = "conv-small";
  private static final String CUT_DEFAULT = "resnet";

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description =
          "network: conv-small, mcmahan-cnn, mlp, resnet, resnet-18, resnet-34 or vit-small"
              + " (default: resnet for 'model plan' and 'model profile', elsewhere what suits the"
              + " data set, else conv-small)")
  private String name;

  @Option(
      names = "--model-setting",
      paramLabel = "KEY=VALUE",
      description = "a setting of the network, such as hidden=128 or cuts=2,4,6; may be repeated")
  private Map<String, String> settings = Map.of();

  @Option(
      names = "--dataset",
      paramLabel = "NAME",
      description = {
        "what clients will train on: fashion-mnist or hospital.",
        "The network is given the inputs and classes that it needs, and is refused if it cannot"
            + " take the samples."
      })
  private String dataset;

  /**
   * @throws IllegalArgumentException if there is no such network, or it does not fit the data set
   */
  ModelDefinition define() throws IOException {
    return dataset == null ? of(name == null ? DEFAULT : name) : of(dataset, name);
  }

  /**
   * The same for a command about cuts: unless one is named, a network that can be cut.
   *
   * @throws IllegalArgumentException if there is no such network, or it does not fit the data set
   */
  ModelDefinition defineToCut() throws IOException {
    String named = name == null ? CUT_DEFAULT : name;
    return dataset == null ? of(named) : of(dataset, named);
  }

  private ModelDefinition of(String network) {
    return Architecture.named(network).define(settings);
  }

  private ModelDefinition of(String dataset, String network) throws IOException {
    return ModelChoice.of(DatasetCatalog.named(dataset).open(Optional.empty()), network, settings);
  }
}

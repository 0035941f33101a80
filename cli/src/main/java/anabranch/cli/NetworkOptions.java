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
              + " (default: what suits the data set; without one resnet for 'model plan' and 'model"
              + " profile', else conv-small)")
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
    return define(DEFAULT);
  }

  /**
   * The same for a command about cuts: with neither network nor data set, one that can be cut.
   *
   * @throws IllegalArgumentException if there is no such network, or it does not fit the data set
   */
  ModelDefinition defineToCut() throws IOException {
    return define(CUT_DEFAULT);
  }

  private ModelDefinition define(String otherwise) throws IOException {
    return dataset == null
        ? Architecture.named(name == null ? otherwise : name).define(settings)
        : ModelChoice.of(DatasetCatalog.named(dataset).open(Optional.empty()), name, settings);
  }
}

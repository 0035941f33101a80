// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import anabranch.client.model.ModelDefinition;
import anabranch.client.topic.ModelExistsException;
import anabranch.client.topic.ModelInitializer;
import anabranch.job.config.ConfigException;
import anabranch.job.config.FederationConfig;
import anabranch.protocol.model.ModelManifest;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code anabranch model init}. */
@Command(
    name = "init",
    description = {
      "Publishes version 0, drawn from the configuration's seed.",
      "A federation that has a model already keeps it: the command fails, unless told otherwise."
    })
final class ModelInitCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private FederationOptions options;
  @Mixin private NetworkOptions network;

  @Option(names = "--if-absent", description = "succeed where there is a model already")
  private boolean ifAbsent;

  @Override
  public Integer call() throws ConfigException, IOException {
    ModelDefinition model = define();
    FederationConfig config = options.load();
    ModelManifest manifest = model.manifest(config.modelRing());
    try {
      new ModelInitializer(FederationOptions.connection(config), config.topics())
          .publish(manifest, model.initialWeights(config.seed()));
    } catch (ModelExistsException e) {
      if (!ifAbsent) {
        throw e;
      }
      spec.commandLine()
          .getOut()
          .printf("federation '%s' keeps the model that it has%n", config.federation());
      return 0;
    }
    spec.commandLine()
        .getOut()
        .printf(
            "federation '%s' has version 0 of %s, %s%n",
            config.federation(), model.architecture(), ModelSize.of(manifest));
    return 0;
  }

  private ModelDefinition define() throws IOException {
    try {
      return network.define();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import anabranch.client.model.Architecture;
import anabranch.client.model.ModelDefinition;
import anabranch.client.topic.ModelInitializer;
import anabranch.job.config.ConfigException;
import anabranch.job.config.FederationConfig;
import java.util.Map;
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
      "A federation that has a model already keeps it: the command fails."
    })
final class ModelInitCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private FederationOptions options;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      defaultValue = "conv-small",
      description = "network: conv-small or mlp (default: ${DEFAULT-VALUE})")
  private String name;

  @Option(
      names = "--model-setting",
      paramLabel = "KEY=VALUE",
      description = "a setting of the network, such as hidden=128; may be repeated")
  private Map<String, String> settings = Map.of();

  @Override
  public Integer call() throws ConfigException {
    ModelDefinition model = define();
    FederationConfig config = options.load();
    new ModelInitializer(FederationOptions.connection(config), config.topics())
        .publish(model.manifest(config.modelRing()), model.initialWeights(config.seed()));
    spec.commandLine()
        .getOut()
        .printf(
            "federation '%s' has version 0 of %s, %,d parameters%n",
            config.federation(), name, model.size());
    return 0;
  }

  private ModelDefinition define() {
    try {
      return Architecture.named(name).define(settings);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }
}

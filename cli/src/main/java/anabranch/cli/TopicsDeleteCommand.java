// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import anabranch.job.config.ConfigException;
import anabranch.job.config.FederationConfig;
import anabranch.kafka.topics.TopicSetup;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code anabranch topics delete}. */
@Command(
    name = "delete",
    description = "Deletes the topics with all their records: the model, its history, the clients.")
final class TopicsDeleteCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private FederationOptions options;

  @Option(
      names = "--yes",
      paramLabel = "FEDERATION",
      required = true,
      description = "the federation's name once more, since there is no way back")
  private String confirmed;

  @Override
  public Integer call() throws ConfigException {
    FederationConfig config = options.load();
    if (!confirmed.equals(config.federation())) {
      throw new ParameterException(
          spec.commandLine(),
          "--yes names federation '%s', the configuration is of '%s'"
              .formatted(confirmed, config.federation()));
    }
    try (TopicSetup setup = FederationTopics.connect(config)) {
      FederationTopics.print(setup.delete(config.topics()), spec.commandLine().getOut());
    }
    return 0;
  }
}

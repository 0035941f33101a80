// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import anabranch.job.config.ConfigException;
import anabranch.job.config.FederationConfig;
import anabranch.kafka.topics.TopicSettings;
import anabranch.kafka.topics.TopicSetup;
import anabranch.kafka.topics.TopicState;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code anabranch topics create}. */
@Command(
    name = "create",
    description = {
      "Creates the topics that are missing and says where those that exist differ.",
      "It ends with 1 while any topic is not as wanted."
    })
final class TopicsCreateCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private FederationOptions options;

  @Option(names = "--correct", description = "also change settings of topics that differ")
  private boolean correct;

  @Override
  public Integer call() throws ConfigException {
    FederationConfig config = options.load();
    List<TopicSettings> table = FederationTopics.table(config);
    try (TopicSetup setup = FederationTopics.connect(config)) {
      List<TopicState> states = correct ? setup.createAndCorrect(table) : setup.create(table);
      FederationTopics.print(states, spec.commandLine().getOut());
      return states.stream().allMatch(TopicState::asWanted) ? 0 : 1;
    }
  }
}

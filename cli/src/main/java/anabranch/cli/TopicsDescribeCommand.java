// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import anabranch.job.config.ConfigException;
import anabranch.job.config.FederationConfig;
import anabranch.kafka.topics.TopicSetup;
import anabranch.kafka.topics.TopicState;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code anabranch topics describe}. */
@Command(
    name = "describe",
    description = {
      "Says which topics exist and where they differ from what is wanted.",
      "It ends with 1 while any topic is not as wanted."
    })
final class TopicsDescribeCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private FederationOptions options;

  @Override
  public Integer call() throws ConfigException {
    FederationConfig config = options.load();
    try (TopicSetup setup = FederationTopics.connect(config)) {
      List<TopicState> states = setup.describe(FederationTopics.table(config));
      FederationTopics.print(states, spec.commandLine().getOut());
      return states.stream().allMatch(TopicState::asWanted) ? 0 : 1;
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import picocli.CommandLine.Command;

/** {@code anabranch topics}. */
@Command(
    name = "topics",
    description = "Creates, describes and deletes a federation's Kafka topics.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      TopicsCreateCommand.class,
      TopicsDescribeCommand.class,
      TopicsDeleteCommand.class
    })
final class TopicsCommand {}

// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import picocli.CommandLine.Command;

/** {@code anabranch model}. */
@Command(
    name = "model",
    description = {
      "Publishes a federation's first model, tells of its newest and exports it.",
      "Tells what training takes, and finds cuts for a given memory."
    },
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      ModelInitCommand.class,
      ModelInfoCommand.class,
      ModelExportCommand.class,
      ModelProfileCommand.class,
      ModelPlanCommand.class
    })
final class ModelCommand {}

// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import picocli.CommandLine.Command;

/** {@code anabranch model}. */
@Command(
    name = "model",
    description = "Publishes a federation's first model and tells of its newest.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {ModelInitCommand.class, ModelInfoCommand.class})
final class ModelCommand {}

// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import picocli.CommandLine.Command;

/** {@code anabranch experiment}: the commands that compare methods. */
@Command(
    name = "experiment",
    description = "Compares methods by what they learn and send.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      ExperimentCompressionCommand.class,
      ExperimentBytesCommand.class,
      ExperimentScaleflCommand.class
    })
final class ExperimentCommand {}

// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import picocli.CommandLine.Command;

/** Looks at a configuration without using it. */
@Command(
    name = "config",
    description = "Checks and shows a configuration.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {ConfigCheckCommand.class, ConfigShowCommand.class})
final class ConfigCommand {}

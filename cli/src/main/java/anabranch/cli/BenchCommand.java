// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import picocli.CommandLine.Command;

/** {@code anabranch bench}: the commands that measure. */
@Command(
    name = "bench",
    description = "Measures how fast it is on this machine.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {BenchKernelsCommand.class, BenchPipelineCommand.class, BenchRoundCommand.class})
final class BenchCommand {}

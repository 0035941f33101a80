// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** All commands, and what happens when one fails. */
@Command(
    name = "anabranch",
    description = "Federated learning as a stream: an Apache Flink job over Kafka.",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = ImplementationVersion.class,
    synopsisSubcommandLabel = "COMMAND",
    usageHelpAutoWidth = true,
    subcommands = {
      QuickstartCommand.class,
      ConfigCommand.class,
      TopicsCommand.class,
      ModelCommand.class,
      DoctorCommand.class,
      ClientCommand.class,
      RoundsCommand.class,
      SizeCommand.class,
      BenchCommand.class,
      ExperimentCommand.class,
      HelpCommand.class
    })
public final class Anabranch {

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "show where a failure comes from, with its stack trace")
  private boolean verbose;

  private Anabranch() {}

  /** Runs a command and ends the JVM with its exit code. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  /** The commands, ready to be executed. */
  static CommandLine commandLine() {
    Anabranch root = new Anabranch();
    return new CommandLine(root)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(new WrongUsage())
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> {
              Failure.print(failure, root.verbose, command.getErr());
              return CommandLine.ExitCode.SOFTWARE;
            });
  }
}

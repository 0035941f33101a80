// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import anabranch.job.config.ConfigException;
import anabranch.job.config.FederationConfig;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code anabranch config check}. */
@Command(
    name = "check",
    description =
        "Says whether a configuration is sound; if it is not, everything that is wrong with it.")
final class ConfigCheckCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private FederationOptions options;

  @Parameters(arity = "0..1", paramLabel = "FILE", description = "the same as --config")
  private Path file;

  @Override
  public Integer call() throws ConfigException {
    FederationConfig config = options.at(file).load();
    spec.commandLine()
        .getOut()
        .printf("%s is sound, for federation '%s'%n", options.source(), config.federation());
    return 0;
  }
}

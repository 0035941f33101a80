// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import anabranch.job.config.ConfigException;
import anabranch.job.config.EffectiveValue;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code anabranch config show}. */
@Command(
    name = "show",
    description = {
      "Shows every key with its value, and where that comes from.",
      "What it prints is a configuration itself."
    })
final class ConfigShowCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private FederationOptions options;

  @Parameters(arity = "0..1", paramLabel = "FILE", description = "the same as --config")
  private Path file;

  @Override
  public Integer call() throws ConfigException {
    for (EffectiveValue value : options.at(file).effective()) {
      String line = "%s: %s".formatted(value.path(), value.text());
      spec.commandLine().getOut().printf("%-55s # %s%n", line, value.origin());
    }
    return 0;
  }
}

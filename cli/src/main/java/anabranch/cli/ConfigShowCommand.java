// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import anabranch.job.config.ConfigException;
import anabranch.job.config.EffectiveValue;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
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
      "What it prints is a configuration itself, with what was not given as comments; passwords are hidden."
    })
final class ConfigShowCommand implements Callable<Integer> {

  /** What YAML takes as it is. */
  private static final Pattern PLAIN = Pattern.compile("[\\w./:,+()-]*[\\w./()]|\\{}");

  @Spec private CommandSpec spec;
  @Mixin private FederationOptions options;

  @Parameters(arity = "0..1", paramLabel = "FILE", description = "the same as --config")
  private Path file;

  @Override
  public Integer call() throws ConfigException {
    for (EffectiveValue value : options.at(file).effective()) {
      String line =
          "%s%s: %s".formatted(value.given() ? "" : "# ", value.path(), yaml(value.text()));
      spec.commandLine().getOut().printf("%-55s # %s%n", line, value.origin());
    }
    return 0;
  }

  private static String yaml(String text) {
    boolean plain = PLAIN.matcher(text).matches();
    return plain ? text : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class AnabranchTest {

  static Stream<List<String>> everyCommand() {
    List<List<String>> commands = new ArrayList<>();
    collect(Anabranch.commandLine(), List.of(), commands);
    return commands.stream();
  }

  private static void collect(CommandLine command, List<String> path, List<List<String>> commands) {
    commands.add(path);
    command
        .getSubcommands()
        .forEach(
            (name, subcommand) -> {
              List<String> longer = new ArrayList<>(path);
              longer.add(name);
              collect(subcommand, longer, commands);
            });
  }

  @ParameterizedTest
  @MethodSource("everyCommand")
  void everyCommandExplainsItself(List<String> path) {
    List<String> arguments = new ArrayList<>(path);
    arguments.add("--help");

    CommandRun run = CommandRun.of(arguments.toArray(String[]::new));

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("Usage: anabranch " + String.join(" ", path));
    assertThat(run.err()).isEmpty();
  }

  @Test
  void versionIsTold() {
    CommandRun run = CommandRun.of("--version");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).startsWith("anabranch ").contains("Java " + Runtime.version());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "topics",
        "no-such-command",
        "config check --no-such-option",
        "topics delete",
        "rounds --last many",
        "rounds --last 0",
        "model init --model no-such-model",
        "model init --model-setting no=1",
        "model init --model mlp --model-setting hidden=64,x",
        "model init --dataset no-such-data",
        "model init --dataset hospital --model mcmahan-cnn",
        "model init --dataset fashion-mnist --model mlp --model-setting inputs=24",
        "client"
      })
  void wrongUsageEndsWithTwoAndAWayOut(String arguments) {
    CommandRun run =
        CommandRun.of(
            Stream.of(arguments.split(" ")).filter(a -> !a.isEmpty()).toArray(String[]::new));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).containsAnyOf("Usage: anabranch", "Did you mean", "--help");
  }
}

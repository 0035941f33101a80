// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigCommandTest {

  private static final String EXAMPLE = "../deploy/federation.yaml";

  @TempDir private Path directory;

  @Test
  void soundConfigurationPasses() {
    CommandRun run = CommandRun.of("config", "check", EXAMPLE);

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .isEqualToIgnoringNewLines(EXAMPLE + " is sound, for federation 'fashion'");
  }

  @Test
  void wrongConfigurationFailsWithEveryErrorAndNoStackTrace() {
    CommandRun run =
        CommandRun.of(
            "config", "check", "-c", EXAMPLE, "--set", "cohort.size=0", "--set", "seed=x");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .startsWith("anabranch: " + EXAMPLE + ": 2 errors")
        .contains("--set: seed: found 'x'", "--set: cohort.size: found '0'")
        .doesNotContain("\tat ");
  }

  @Test
  void verboseFailureHasItsStackTrace() {
    CommandRun run = CommandRun.of("config", "check", "no-such-file.yaml", "--verbose");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("there is no such file", "\tat ");
  }

  @Test
  void whatIsShownIsAConfigurationOfTheSameValues() throws IOException {
    CommandRun first =
        CommandRun.of(
            "config",
            "show",
            EXAMPLE,
            "--set",
            "cohort.size=9",
            "--set",
            "training.extra.a=b: \"c\" #1");
    Path shown = Files.writeString(directory.resolve("shown.yaml"), first.out());

    CommandRun second = CommandRun.of("config", "show", shown.toString());

    assertThat(second.err()).isEmpty();
    assertThat(values(second.out())).isEqualTo(values(first.out())).contains("cohort.size: 9\n");
  }

  private static String values(String shown) {
    return shown.replaceAll("(?m) +# .*$", "");
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class ClientCommandTest {

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "--uplink=1mb, bandwidth '1mb' is not a number and one of bit",
    "--downlink=fast, bandwidth 'fast' is not a number and one of bit",
    "--memory=much, 'much' is not a number and a unit",
    "--share=4/3, share '4/3' is not I/N with I from 1 to N",
    "--share=0/3, share '0/3' is not I/N with I from 1 to N",
    "--share=1, share '1' is not I/N with I from 1 to N",
    "--share=1/100000, cannot be divided among 100000 clients",
    "--partition=odd, partition 'odd' is none of iid",
    "--dataset=flowers, data set 'flowers' is not known",
    "--held-out=1, must be at least 0 and below 1",
    "--held-out=few, --held-out"
  })
  void wrongArgumentIsRefusedWithWhatIsExpected(String argument, String words) {
    CommandRun run = client("--id=ann", "--state=" + directory, argument);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(words);
    assertThat(run.out()).isEmpty();
  }

  @Test
  void idOfOtherCharactersIsRefused() {
    CommandRun run = client("--id=Ann Example", "--state=" + directory);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("client id 'Ann Example' must be 1 to 128 characters");
  }

  @Test
  void missingFilesAreNamed() {
    CommandRun run = client("--id=ann", "--state=" + directory, "--data=" + directory);

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains(directory.resolve("train-images-idx3-ubyte").toString());
  }

  @Test
  void damagedStateIsRefusedWithWhatToDo() throws IOException {
    Files.writeString(directory.resolve("state.json"), "{");

    CommandRun run = client("--id=ann", "--state=" + directory);

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("state.json is damaged", "delete the directory " + directory);
  }

  @Test
  void serverThatDoesNotExistIsNamed() {
    CommandRun run =
        CommandRun.of(
            "client",
            "--id=ann",
            "--state=" + directory,
            "--set=federation=mnist",
            "--set=kafka.bootstrap-servers=no-such-host.invalid:9092");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("client ann gave up", "bootstrap");
  }

  @Test
  void clusterThatIsAwayIsNamedAndTriedAgain() throws Exception {
    StringWriter out = new StringWriter();
    CommandLine commands = Anabranch.commandLine();
    commands.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(new StringWriter()));
    Thread client =
        new Thread(() -> commands.execute(arguments("--id=ann", "--state=" + directory)));
    client.start();

    long deadline = System.nanoTime() + 60_000_000_000L;
    while (!out.toString().contains("tries again until it works")) {
      assertThat(System.nanoTime()).as(out.toString()).isLessThan(deadline);
      Thread.sleep(100);
    }
    client.interrupt();
    client.join(20_000);

    assertThat(out.toString()).contains("trouble with localhost:1,");
    assertThat(client.isAlive()).isFalse();
  }

  private static CommandRun client(String... more) {
    return CommandRun.of(arguments(more));
  }

  private static String[] arguments(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "client", "--set=federation=mnist", "--set=kafka.bootstrap-servers=localhost:1"));
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }
}

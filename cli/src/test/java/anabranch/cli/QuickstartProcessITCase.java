// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The quickstart as a process of its own, as the launcher starts it. */
@Timeout(value = 4, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class QuickstartProcessITCase {

  private static final int AFTER_CTRL_C = 130;
  private static final long SIGINT = 1L << 1;
  private static final int ENDS_WITHIN_SECONDS = 60;
  private static final Path LAUNCHER = Path.of("target", "launcher").toAbsolutePath();

  @TempDir Path temporary;
  @TempDir Path working;

  private Process process;

  @AfterEach
  void endWhatIsLeft() {
    if (process != null) {
      process.destroyForcibly();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --rounds 1000           | broker   localhost
          --rounds 1000           | starting the Flink cluster
          --rounds 1000           | 1     0-1
          --rounds 1 --keep-running | Ctrl-C ends it
          """)
  void interruptEndsItCleanlyAtAnyTime(String more, String moment) throws Exception {
    assumeThat(ignoresInterrupts())
        .as("whoever started this ignores SIGINT, and so do its children")
        .isFalse();
    List<String> command =
        command("-Xmx1g", "--clients=2", "--cohort=2", "--model=mlp", "--partition=iid");
    command.addAll(List.of(more.split(" ")));
    process = start(command);
    List<String> lines = new ArrayList<>();
    try (BufferedReader output = process.inputReader()) {
      String line = output.readLine();
      while (line != null) {
        lines.add(line);
        if (line.contains(moment)) {
          interrupt(process);
        }
        line = output.readLine();
      }
    }

    assertThat(process.waitFor(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(lines).anyMatch(line -> line.contains(moment));
    assertThat(lines).noneMatch(line -> line.contains("Exception") || line.contains("\tat "));
    assertThat(process.exitValue()).as(String.join("\n", lines)).isEqualTo(AFTER_CTRL_C);
    try (Stream<Path> left = Files.list(temporary)) {
      assertThat(left.filter(file -> file.getFileName().toString().startsWith("anabranch")))
          .isEmpty();
    }
    if (moment.contains("0-1")) {
      assertThat(lines).anyMatch(line -> line.startsWith("ended after "));
    }
  }

  @Test
  void tooSmallHeapIsSaidBeforeAnythingStarts() throws Exception {
    process = start(command("-Xmx64m"));
    String output = new String(process.getInputStream().readAllBytes());

    assertThat(process.waitFor()).isEqualTo(1);
    assertThat(output).contains("MB of heap").contains("ANABRANCH_JAVA_OPTS=-Xmx");
    assertThat(output.lines()).hasSize(1);
  }

  private Process start(List<String> command) throws IOException {
    return new ProcessBuilder(command)
        .directory(working.toFile())
        .redirectErrorStream(true)
        .start();
  }

  private List<String> command(String heap, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(
        List.of(
            "@" + LAUNCHER.resolve("jvm.options"),
            "@" + LAUNCHER.resolve("jvm-quickstart.options"),
            heap,
            "-Djava.io.tmpdir=" + temporary,
            "-cp",
            System.getProperty("java.class.path"),
            Anabranch.class.getName(),
            "quickstart",
            "--web-port=" + freePort()));
    command.addAll(List.of(arguments));
    return command;
  }

  private static void interrupt(Process process) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
  }

  /** As shells make it for what they start in the background. */
  private static boolean ignoresInterrupts() throws IOException {
    Path status = Path.of("/proc/self/status");
    return Files.exists(status)
        && Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .anyMatch(
                line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & SIGINT) != 0);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}

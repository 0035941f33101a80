// SPDX-License-Identifier: Apache-2.0
package anabranch.quickstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A Python with what {@code notebooks/requirements.txt} asks for, under {@code target}. */
final class PythonEnvironment {

  /** What a process has printed, both streams, and how it ended. */
  record Ended(int exitCode, String output) {}

  private static final Duration INSTALLATION = Duration.ofMinutes(3);
  private static final Path NOTEBOOKS = Path.of("..", "notebooks").toAbsolutePath().normalize();
  private static final Path DIRECTORY = Path.of("target", "python").toAbsolutePath();
  private static final String IS_FIT =
      "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 9))";

  private final Path python;

  private PythonEnvironment(Path python) {
    this.python = python;
  }

  /**
   * Makes the environment, or takes the one that an earlier run made of the same requirements.
   * Where that cannot be, the calling test is skipped: Maven and a JDK have to be enough.
   */
  static PythonEnvironment orSkip() throws IOException, InterruptedException {
    PythonEnvironment made = new PythonEnvironment(DIRECTORY.resolve("bin").resolve("python"));
    String requirements = Files.readString(NOTEBOOKS.resolve("requirements.txt"));
    Path installed = DIRECTORY.resolve("installed.txt");
    if (Files.exists(installed) && Files.readString(installed).equals(requirements)) {
      return made;
    }
    Assumptions.assumeTrue(
        succeeds("python3", "-c", IS_FIT),
        "skipped: python3 is not on the PATH, is older than 3.9, or lacks venv (Debian has it in"
            + " python3-venv)");
    Ended venv = run(List.of("python3", "-m", "venv", "--clear", DIRECTORY.toString()));
    Assumptions.assumeTrue(venv.exitCode() == 0, () -> "skipped, no venv: " + venv.output());
    Ended pip =
        run(
            List.of(
                made.python.toString(),
                "-m",
                "pip",
                "install",
                "--quiet",
                "--no-compile",
                "--only-binary=:all:",
                "--requirement",
                NOTEBOOKS.resolve("requirements.txt").toString()));
    Assumptions.assumeTrue(
        pip.exitCode() == 0,
        () -> "skipped: pip cannot install notebooks/requirements.txt: " + pip.output());
    Files.writeString(installed, requirements);
    return made;
  }

  /** Starts a script or module of {@code notebooks}; its output goes to the file. */
  Process start(Path output, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(python.toString(), "-B"));
    command.addAll(List.of(arguments));
    return process(command, output);
  }

  /** Runs a script or module of {@code notebooks} to its end. */
  Ended run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(python.toString(), "-B"));
    command.addAll(List.of(arguments));
    return run(command);
  }

  private static boolean succeeds(String... command) throws InterruptedException {
    try {
      return run(List.of(command)).exitCode() == 0;
    } catch (IOException notThere) {
      return false;
    }
  }

  private static Ended run(List<String> command) throws IOException, InterruptedException {
    Path output = Files.createTempFile("python", ".log");
    try {
      Process process = process(command, output);
      if (!process.waitFor(INSTALLATION.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
      return new Ended(process.exitValue(), Files.readString(output));
    } finally {
      Files.delete(output);
    }
  }

  private static Process process(List<String> command, Path output) throws IOException {
    return new ProcessBuilder(command)
        .directory(NOTEBOOKS.toFile())
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
  }
}

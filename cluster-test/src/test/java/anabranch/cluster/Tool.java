// SPDX-License-Identifier: Apache-2.0
package anabranch.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A command that answers and ends. */
final class Tool {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private Tool() {}

  /**
   * Runs it.
   *
   * @return what it says, on either stream
   * @throws AssertionError if it fails, or does not end in time
   */
  static String ask(String... command) throws IOException, InterruptedException {
    // A file, since reading a pipe would wait for the command's end without a deadline.
    Path answer = Files.createTempFile("tool", ".txt");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(answer.toFile())
              .start();
      boolean ended = process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      if (!ended) {
        process.destroyForcibly();
      }
      String said = Files.readString(answer);
      if (!ended || process.exitValue() != 0) {
        throw new AssertionError(
            "%s: %s. It said: %s"
                .formatted(
                    String.join(" ", command),
                    ended ? "exit code " + process.exitValue() : "no end after " + PATIENCE,
                    said));
      }
      return said;
    } finally {
      Files.delete(answer);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a test has done to its cluster and what it has measured, one line each, in the log and in a
 * file to quote from.
 */
final class Chronicle {

  private static final Logger LOG = LoggerFactory.getLogger(Chronicle.class);

  private final Path file;
  private final long begin = System.nanoTime();

  private Chronicle(Path file) {
    this.file = file;
  }

  /** Begins an empty one, {@code target/chronicle/NAME.txt}. */
  static Chronicle begin(String name) throws IOException {
    Path folder = Files.createDirectories(Path.of("target", "chronicle"));
    Chronicle chronicle = new Chronicle(folder.resolve(name + ".txt"));
    Files.deleteIfExists(chronicle.file);
    return chronicle;
  }

  /** Adds a line, with the seconds since the beginning in front. */
  void note(String what) throws IOException {
    LOG.info(what);
    String line =
        String.format(Locale.ROOT, "%6.1f s  %s%n", (System.nanoTime() - begin) / 1e9, what);
    Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}

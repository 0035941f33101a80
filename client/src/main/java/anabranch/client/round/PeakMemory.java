// SPDX-License-Identifier: Apache-2.0
package anabranch.client.round;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The most memory that this process has had resident since a moment, heap and native, as Linux
 * counts it (proc(5): {@code VmHWM}, which {@code clear_refs} takes back to what is resident now).
 * It is that of the whole process: participants that share a JVM measure each other too.
 */
final class PeakMemory {

  private static final Logger LOG = LoggerFactory.getLogger(Participant.class);
  private static final Path RESET = Path.of("/proc/self/clear_refs");
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String RESET_PEAK = "5";
  private static final String PEAK = "VmHWM:";
  private static final long KIBIBYTE = 1024;

  private final boolean known;

  private PeakMemory(boolean known) {
    this.known = known;
  }

  /** Begins to measure. */
  static PeakMemory begin() {
    try {
      Files.writeString(RESET, RESET_PEAK);
      return new PeakMemory(true);
    } catch (IOException | UnsupportedOperationException e) {
      LOG.debug("the peak of memory cannot be measured here", e);
      return new PeakMemory(false);
    }
  }

  /** The peak since then in bytes, empty where it cannot be measured. */
  OptionalLong bytes() {
    if (!known) {
      return OptionalLong.empty();
    }
    try {
      return Files.readAllLines(STATUS).stream()
          .filter(line -> line.startsWith(PEAK))
          .mapToLong(line -> KIBIBYTE * Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst();
    } catch (IOException e) {
      LOG.debug("the peak of memory cannot be read here", e);
      return OptionalLong.empty();
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.client.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The most memory that this process has had resident since a moment, heap and native, as Linux
 * counts it (proc(5): {@code VmHWM}, which {@code clear_refs} takes back to what is resident now).
 * It is that of the whole process: participants that share a JVM measure each other too.
 */
public final class PeakMemory {

  private static final Logger LOG = LoggerFactory.getLogger(PeakMemory.class);
  private static final Path RESET = Path.of("/proc/self/clear_refs");
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String RESET_PEAK = "5";
  private static final String PEAK = "VmHWM:";
  private static final String RESIDENT = "VmRSS:";
  private static final long KIBIBYTE = 1024;

  private final boolean known;

  private PeakMemory(boolean known) {
    this.known = known;
  }

  /** Begins to measure. */
  public static PeakMemory begin() {
    try {
      Files.writeString(RESET, RESET_PEAK);
      return new PeakMemory(true);
    } catch (IOException | UnsupportedOperationException e) {
      LOG.debug("the peak of memory cannot be measured here", e);
      return new PeakMemory(false);
    }
  }

  /** The peak since then in bytes, empty where it cannot be measured. */
  public OptionalLong bytes() {
    return known ? read(PEAK) : OptionalLong.empty();
  }

  /** What this process has resident now, in bytes, empty where that cannot be measured. */
  public static OptionalLong resident() {
    return read(RESIDENT);
  }

  private static OptionalLong read(String field) {
    try (Stream<String> lines = Files.lines(STATUS)) {
      return lines
          .filter(line -> line.startsWith(field))
          .mapToLong(line -> KIBIBYTE * Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst();
    } catch (IOException e) {
      LOG.debug("the memory of this process cannot be read here", e);
      return OptionalLong.empty();
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * What a process takes of its machine.
 *
 * @param process that is looked at
 */
public record ProcessUsage(ProcessHandle process) {

  private static final String PEAK = "VmHWM:";

  /** Processor time that it has used, in seconds, over all its threads. */
  public double cpuSeconds() {
    return process.info().totalCpuDuration().orElseThrow().toNanos() / 1e9;
  }

  /** The most memory that it ever had resident, in bytes; empty where there is no /proc. */
  public OptionalLong peakRssBytes() {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    if (!Files.exists(status)) {
      return OptionalLong.empty();
    }
    try {
      return Files.readAllLines(status).stream()
          .filter(line -> line.startsWith(PEAK))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
          .findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.client.memory;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JVM of its own that measures one thing and ends: a line of JSON in, a line of JSON out. */
final class ProbeProcess {

  // Records have methods that look like further fields.
  static final ObjectMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private static final long MEBIBYTE = 1 << 20;

  /** Copies of a model's weights that lie on the heap at most, with room for the collector. */
  private static final int HEAP_COPIES = 8;

  private static final int SMALLEST_HEAP_MEBIBYTES = 64;

  private ProbeProcess() {}

  /**
   * Runs {@link ProbeMain} and returns its answer.
   *
   * @param arguments of its {@code main}
   * @throws IOException if the process fails
   */
  static <T> T run(Workload workload, Class<T> answer, String... arguments)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command(workload, arguments)).redirectError(Redirect.INHERIT);
    NativeMemory.settle(builder.environment());
    Process process = builder.start();
    try {
      try (OutputStream orders = process.getOutputStream()) {
        JSON.writeValue(orders, workload);
      }
      String line =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
      int code = process.waitFor();
      if (code != 0 || line.isEmpty()) {
        throw new IOException(
            "the process that measures %s ended with code %d".formatted(workload, code));
      }
      return JSON.readValue(line, answer);
    } finally {
      process.destroyForcibly();
    }
  }

  private static List<String> command(Workload workload, String... arguments) {
    long weights = Float.BYTES * workload.model().size();
    long heap = Math.max(SMALLEST_HEAP_MEBIBYTES, HEAP_COPIES * weights / MEBIBYTE);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("-D"))
        .forEach(command::add);
    command.addAll(List.of("-Xms" + heap + "m", "-Xmx" + heap + "m", "-XX:+AlwaysPreTouch"));
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"));
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), ProbeMain.class.getName()));
    command.addAll(List.of(arguments));
    return command;
  }
}

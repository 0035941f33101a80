// SPDX-License-Identifier: Apache-2.0
package anabranch.job.testkit;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The job on a cluster in a JVM of its own, on this JVM's class path, to be killed. */
public final class JobProcess implements AutoCloseable {

  private static final int END_SECONDS = 30;

  private final Process process;
  private final Path log;

  private JobProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts it and does not wait.
   *
   * @param directory of its log and its checkpoints
   * @param number of this one among those that were started there
   * @param settings of the configuration, each of the form {@code key=value}
   */
  public static JobProcess start(Path directory, int number, List<String> settings)
      throws IOException {
    Path log = directory.resolve("job-%02d.log".formatted(number));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens"))
        .forEach(command::add);
    command.addAll(List.of("-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(JobProcessMain.class.getName(), directory.toString()));
    command.addAll(settings);
    return new JobProcess(
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(Redirect.to(log.toFile()))
            .start(),
        log);
  }

  /**
   * When its cluster stood and the job was submitted, in milliseconds since 1970.
   *
   * @throws IllegalStateException if that has not happened; the message has all that it said
   */
  public long submittedAt() throws IOException {
    String said = Files.readString(log);
    return said.lines()
        .filter(line -> line.startsWith(JobProcessMain.SUBMITTING))
        .map(line -> Long.parseLong(line.substring(JobProcessMain.SUBMITTING.length())))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("the job was not submitted: " + said));
  }

  /** Ends it at once (SIGKILL). */
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor(END_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}

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

  private JobProcess(Process process) {
    this.process = process;
  }

  /**
   * Starts it and does not wait.
   *
   * @param log what it says is added to this file
   * @param settings of the configuration, each of the form {@code key=value}
   */
  public static JobProcess start(Path log, int parallelism, List<String> settings)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens"))
        .forEach(command::add);
    command.addAll(List.of("-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(JobProcessMain.class.getName(), Integer.toString(parallelism)));
    command.addAll(settings);
    return new JobProcess(
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(log.toFile()))
            .start());
  }

  /** What all processes with this log have said. */
  public static String said(Path log) throws IOException {
    return Files.readString(log);
  }

  public boolean isAlive() {
    return process.isAlive();
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

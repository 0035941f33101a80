// SPDX-License-Identifier: Apache-2.0
package anabranch.cluster;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process of the cluster, in the repository's root, whose output goes to a file. */
final class ChildProcess implements AutoCloseable {

  private static final int END_SECONDS = 30;

  private final String name;
  private final Process process;
  private final Path output;

  private ChildProcess(String name, Process process, Path output) {
    this.name = name;
    this.process = process;
    this.output = output;
    // A test that is ended from outside closes nothing.
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
  }

  /**
   * Starts it and does not wait.
   *
   * @param name of its output's file
   * @param environment beside that of this JVM
   */
  static ChildProcess start(
      String name, Path directory, List<String> command, Map<String, String> environment)
      throws IOException {
    Path output = Files.createDirectories(directory).resolve(name + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(Repository.ROOT.toFile())
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(output.toFile()));
    builder.environment().putAll(environment);
    return new ChildProcess(name, builder.start(), output);
  }

  /**
   * Waits for its end.
   *
   * @return what it said
   * @throws AssertionError if it fails, or does not end in time
   */
  String finish(Duration patience) throws Exception {
    if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      kill();
      throw new AssertionError(
          "%s has not ended within %s. %s".formatted(name, patience, output()));
    }
    if (process.exitValue() != 0) {
      throw new AssertionError(
          "%s has ended with %d. %s".formatted(name, process.exitValue(), output()));
    }
    return output();
  }

  String output() throws IOException {
    return Files.readString(output);
  }

  /** The end of what it said, for messages. */
  String lastOutput() {
    try {
      String all = output();
      return all.substring(Math.max(0, all.length() - 1_000));
    } catch (IOException e) {
      return e.toString();
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Ends it at once (SIGKILL). */
  void kill() {
    process.destroyForcibly();
    try {
      process.waitFor(END_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Keeps it from doing anything, as a device that sleeps (SIGSTOP). */
  void freeze() throws Exception {
    signal("STOP");
  }

  /** Lets it go on (SIGCONT). */
  void thaw() throws Exception {
    signal("CONT");
  }

  private void signal(String signal) throws Exception {
    tool("kill", "-" + signal, pid());
  }

  /** Has a JVM collect all garbage, metaspace included. */
  void collectGarbage() throws Exception {
    tool(Path.of(Repository.java()).resolveSibling("jcmd").toString(), pid(), "GC.run");
  }

  /** Memory that it occupies, in bytes. */
  long residentBytes() throws Exception {
    return 1024 * Long.parseLong(tool("ps", "-o", "rss=", "-p", pid()).strip());
  }

  private String pid() {
    return Long.toString(process.pid());
  }

  private static String tool(String... command) throws Exception {
    Process tool = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(tool.getInputStream().readAllBytes());
    if (tool.waitFor() != 0) {
      throw new AssertionError(String.join(" ", command) + ": " + said);
    }
    return said;
  }

  @Override
  public void close() {
    kill();
  }
}

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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A process of the cluster, in the repository's root, whose output goes to a file. */
final class ChildProcess implements AutoCloseable {

  private static final int END_SECONDS = 30;
  private static final Pattern METASPACE = Pattern.compile("Metaspace +used (\\d+)K");
  private static final long KILO = 1024;

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
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("%s lives on %d s after SIGKILL".formatted(name, END_SECONDS));
      }
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
    Tool.ask("kill", "-" + signal, pid());
  }

  /** What a JVM occupies once it has collected all garbage, classes included. */
  Footprint footprint() throws Exception {
    String jcmd = Path.of(Repository.java()).resolveSibling("jcmd").toString();
    Tool.ask(jcmd, pid(), "GC.run");
    String heap = Tool.ask(jcmd, pid(), "GC.heap_info");
    Matcher metaspace = METASPACE.matcher(heap);
    if (!metaspace.find()) {
      throw new AssertionError("GC.heap_info of %s has no metaspace: %s".formatted(name, heap));
    }
    String[] residentAndThreads =
        Tool.ask("ps", "-o", "rss=,nlwp=", "-p", pid()).strip().split(" +");
    return new Footprint(
        KILO * Long.parseLong(metaspace.group(1)),
        KILO * Long.parseLong(residentAndThreads[0]),
        Integer.parseInt(residentAndThreads[1]));
  }

  private String pid() {
    return Long.toString(process.pid());
  }

  @Override
  public void close() {
    kill();
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.kafka.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.InterruptException;

/**
 * A {@link LocalBroker} in a JVM of its own, on this JVM's class path, that can be killed and comes
 * back with the same port and the same data. It ends when this JVM ends, however that happens.
 */
public final class LocalBrokerProcess implements AutoCloseable {

  private static final Duration START_PATIENCE = Duration.ofSeconds(90);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(30);
  private static final long POLL_MILLIS = 50;

  private final int port;
  private final DataDirectory directory;
  private final Map<String, String> properties;
  private Process process;

  private LocalBrokerProcess(int port, DataDirectory directory, Map<String, String> properties) {
    this.port = port;
    this.directory = directory;
    this.properties = properties;
  }

  /**
   * Starts a broker and returns when it accepts clients.
   *
   * @throws BrokerStartException as {@link LocalBroker#start(LocalBrokerSettings)} does, and when
   *     the broker is not ready after a minute and a half
   */
  public static LocalBrokerProcess start(LocalBrokerSettings settings) {
    int port = settings.port() == 0 ? FreePort.find() : settings.port();
    LocalBrokerProcess broker =
        new LocalBrokerProcess(port, DataDirectory.open(settings), settings.properties());
    try {
      broker.launch();
    } catch (BrokerStartException e) {
      broker.directory.deleteIfTemporary();
      throw e;
    }
    return broker;
  }

  /** What clients connect to, {@code localhost:port}; the same after a restart. */
  public String bootstrapServers() {
    return "localhost:" + port;
  }

  /** What the broker logs, through all restarts. */
  public Path log() {
    return directory.path().resolve("broker.log");
  }

  /** The number that the operating system knows the running broker by. */
  public long pid() {
    return process.pid();
  }

  /** Ends the broker at once and uncleanly (SIGKILL). Its data stay as they are. */
  public void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  /** Kills the broker if it runs, starts it again and returns when it accepts clients. */
  public void restart() {
    kill();
    launch();
  }

  /** Stops the broker cleanly. A temporary directory is deleted. */
  @Override
  public void close() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      process.destroy();
    }
    if (!awaitEnd()) {
      kill();
    }
    directory.deleteIfTemporary();
  }

  private void launch() {
    try {
      long logged = Files.exists(log()) ? Files.size(log()) : 0;
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(List.of("-Xmx384m", "-XX:+UseSerialGC"));
      command.addAll(List.of("-cp", System.getProperty("java.class.path")));
      command.add(LocalBrokerMain.class.getName());
      command.addAll(List.of(Integer.toString(port), directory.path().toString()));
      properties.forEach((key, value) -> command.add(key + "=" + value));
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(Redirect.appendTo(log().toFile()))
              .start();
      awaitReady(logged);
    } catch (IOException e) {
      throw new UncheckedIOException("the broker's process did not start", e);
    }
  }

  /**
   * Waits for the word of the broker.
   *
   * @param logged bytes that earlier brokers wrote
   */
  private void awaitReady(long logged) throws IOException {
    long deadline = System.nanoTime() + START_PATIENCE.toNanos();
    while (true) {
      boolean alive = process.isAlive();
      byte[] log = Files.readAllBytes(log());
      String said =
          new String(log, (int) logged, log.length - (int) logged, StandardCharsets.UTF_8);
      if (said.lines().anyMatch(LocalBrokerMain.READY::equals)) {
        return;
      }
      if (!alive) {
        throw new BrokerStartException(
            "the process of the broker on %s ended with code %d: %s"
                .formatted(bootstrapServers(), process.exitValue(), said.strip()));
      }
      if (System.nanoTime() > deadline) {
        kill();
        throw new BrokerStartException(
            "the broker on %s was not ready after %d s and was killed; it said: %s"
                .formatted(bootstrapServers(), START_PATIENCE.toSeconds(), said.strip()));
      }
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private boolean awaitEnd() {
    try {
      return process.waitFor(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }
}

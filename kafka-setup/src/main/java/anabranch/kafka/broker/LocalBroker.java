// SPDX-License-Identifier: Apache-2.0
package anabranch.kafka.broker;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * A Kafka broker in this JVM: the real one, in KRaft mode, with one node and transactions. It
 * listens on localhost only and creates no topics by itself.
 *
 * <p>Kafka ends the JVM when it finds its data directory damaged or deleted: do not touch the
 * directory of a running broker.
 */
public final class LocalBroker implements AutoCloseable {

  private static final long LEAVE_MILLIS = 15_000;
  private static final long SHUTDOWN_MILLIS = 30_000;

  private final KafkaRaftServer server;
  private final int port;
  private final DataDirectory directory;
  private final DirectoryLock lock;
  private boolean closed;

  private LocalBroker(
      KafkaRaftServer server, int port, DataDirectory directory, DirectoryLock lock) {
    this.server = server;
    this.port = port;
    this.directory = directory;
    this.lock = lock;
  }

  /** Starts a broker on a free port whose data vanish when it is closed. */
  public static LocalBroker start() {
    return start(LocalBrokerSettings.temporary());
  }

  /**
   * Starts a broker and returns when it accepts clients, which takes a few seconds.
   *
   * @throws BrokerStartException when the port is taken, when another broker uses the directory, or
   *     when Kafka refuses to start
   */
  public static LocalBroker start(LocalBrokerSettings settings) {
    int port = settings.port() == 0 ? FreePort.find() : settings.port();
    if (!FreePort.isFree(port)) {
      throw new BrokerStartException(
          "port %d of localhost is taken: stop what listens there or choose another port"
              .formatted(port));
    }
    DataDirectory directory = DataDirectory.open(settings);
    DirectoryLock lock = DirectoryLock.acquire(directory.path());
    KafkaRaftServer server = null;
    try {
      format(directory.path());
      Properties properties = BrokerProperties.of(port, FreePort.find(), directory.path());
      properties.putAll(settings.properties());
      server =
          new KafkaRaftServer(KafkaConfig.fromProps(properties, /* doLog= */ false), Time.SYSTEM);
      server.startup();
      return new LocalBroker(server, port, directory, lock);
    } catch (Exception e) {
      if (server != null) {
        server.shutdown();
      }
      lock.close();
      directory.deleteIfTemporary();
      throw new BrokerStartException(
          "the broker on localhost:%d with data in %s did not start: %s"
              .formatted(port, directory.path(), e.getMessage()),
          e);
    }
  }

  /** What clients connect to, {@code localhost:port}. */
  public String bootstrapServers() {
    return "localhost:" + port;
  }

  /** The port on localhost. */
  public int port() {
    return port;
  }

  /** Where topics and metadata lie. */
  public Path directory() {
    return directory.path();
  }

  /** Stops the broker cleanly. A temporary directory is deleted. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    Thread shutdown = new Thread(this::shutDown, "local-broker-shutdown");
    shutdown.setDaemon(true);
    shutdown.start();
    try {
      shutdown.join(LEAVE_MILLIS);
      // A broker that lost its session asks its controller for leave and gets no answer for
      // minutes;
      // an interrupt ends that wait alone, and the shutdown goes on.
      shutdown.interrupt();
      shutdown.join(SHUTDOWN_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    lock.close();
    directory.deleteIfTemporary();
  }

  private void shutDown() {
    server.shutdown();
    server.awaitShutdown();
  }

  /** Gives a new directory its cluster id; leaves one that has it as it is. */
  private static void format(Path directory) throws Exception {
    if (Files.exists(directory.resolve(MetaPropertiesEnsemble.META_PROPERTIES_NAME))) {
      return;
    }
    new Formatter()
        .setClusterId(Uuid.randomUuid().toString())
        .setNodeId(BrokerProperties.NODE_ID)
        .addDirectory(directory.toString())
        .setMetadataLogDirectory(directory.toString())
        .setControllerListenerName(BrokerProperties.CONTROLLER_LISTENER)
        .setPrintStream(
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
        .run();
  }
}

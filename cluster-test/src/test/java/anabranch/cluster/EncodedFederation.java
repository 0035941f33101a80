// SPDX-License-Identifier: Apache-2.0
package anabranch.cluster;

import anabranch.client.topic.AnnouncementReader;
import anabranch.client.topic.KafkaConnection;
import anabranch.job.testkit.Await;
import anabranch.protocol.Topics;
import anabranch.protocol.message.Announcement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A federation of two clients, each a process, whose updates and versions are encoded with error
 * feedback. Every round needs both clients.
 */
final class EncodedFederation implements AutoCloseable {

  static final int ROUNDS = 12;

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** Sparse ternary compression in both directions. */
  private static final Map<String, String> ENCODING =
      Map.of("encoding.preset", "stc(1/25)", "downlink.preset", "stc(1/25)");

  private final String name;
  private final Path directory;
  private final String bootstrapServers;
  private final ChildProcess[] clients = new ChildProcess[2];

  private EncodedFederation(String name, Path directory, String bootstrapServers) {
    this.name = name;
    this.directory = directory;
    this.bootstrapServers = bootstrapServers;
  }

  /** Publishes version 0 and starts the clients. */
  static EncodedFederation begin(String name, Path directory, String bootstrapServers)
      throws Exception {
    EncodedFederation federation =
        new EncodedFederation(name, directory.resolve(name), bootstrapServers);
    try {
      federation.anabranch("topics", "create");
      federation.anabranch("model", "init", "--model=mlp", "--model-setting=hidden=8");
      federation.startClient(0);
      federation.startClient(1);
      return federation;
    } catch (Exception | Error e) {
      federation.close();
      throw e;
    }
  }

  /** What the job and the commands are told. */
  List<String> arguments() {
    Map<String, String> settings =
        Map.of(
            "federation",
            name,
            "kafka.bootstrap-servers",
            bootstrapServers,
            "cohort.size",
            "2",
            "cohort.over-selection",
            "1",
            "round.quorum",
            "2",
            "round.limit",
            "" + ROUNDS,
            // A round that ended by its deadline would hide that an update was lost.
            "round.deadline",
            "30min");
    List<String> arguments = new ArrayList<>(List.of("--config", Repository.FEDERATION));
    Stream.of(settings, ENCODING)
        .flatMap(some -> some.entrySet().stream())
        .map(setting -> "--set=%s=%s".formatted(setting.getKey(), setting.getValue()))
        .sorted()
        .forEach(arguments::add);
    return arguments;
  }

  private void anabranch(String... command) throws Exception {
    List<String> all = new ArrayList<>(Repository.launcher());
    all.addAll(List.of(command));
    all.addAll(arguments());
    try (ChildProcess process =
        ChildProcess.start(command[0], directory.resolve("logs"), all, Map.of())) {
      process.finish(PATIENCE);
    }
  }

  /** Starts a client with what it remembers. */
  void startClient(int client) throws Exception {
    List<String> command =
        List.of(
            Repository.java(),
            "-Xmx128m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            AttractedClientMain.class.getName(),
            bootstrapServers,
            name,
            "" + client,
            memory(client).toString(),
            hold(client).toString());
    clients[client] =
        ChildProcess.start("client-" + client, directory.resolve("logs"), command, Map.of());
  }

  void killClient(int client) {
    clients[client].kill();
  }

  /** Has a client train on and on, until it is released. */
  void holdClient(int client) throws IOException {
    Files.createFile(hold(client));
  }

  void releaseClient(int client) throws IOException {
    Files.delete(hold(client));
  }

  private Path hold(int client) {
    return directory.resolve("hold-" + client);
  }

  private Path memory(int client) {
    return directory.resolve("client-" + client);
  }

  /** Names of the files of residuals that a client has on disk. */
  List<String> residuals(int client) throws IOException {
    try (Stream<Path> files = Files.list(memory(client))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.startsWith("residual-"))
          .sorted()
          .toList();
    }
  }

  /** Waits for so many completed rounds. */
  Announcement awaitRounds(long rounds) throws Exception {
    return await("model version " + rounds, a -> a.modelVersion() >= rounds);
  }

  /** Waits for the end of the last round. */
  Announcement awaitEnd() throws Exception {
    return await("the end", a -> a.state() == Announcement.State.FINISHED);
  }

  private Announcement await(String what, Predicate<Announcement> wanted) throws Exception {
    Announcement[] newest = new Announcement[1];
    try (AnnouncementReader reader =
        new AnnouncementReader(new KafkaConnection(bootstrapServers), new Topics(name))) {
      Await.until(
          () -> "%s, newest is %s".formatted(what, newest[0]),
          PATIENCE,
          () -> {
            reader.poll(Duration.ofMillis(200)).forEach(announcement -> newest[0] = announcement);
            return newest[0] != null && wanted.test(newest[0]);
          });
    }
    return newest[0];
  }

  @Override
  public void close() {
    for (ChildProcess client : clients) {
      if (client != null) {
        client.close();
      }
    }
  }
}

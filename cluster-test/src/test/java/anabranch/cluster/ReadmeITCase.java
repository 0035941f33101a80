// SPDX-License-Identifier: Apache-2.0
package anabranch.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.job.testkit.Await;
import anabranch.kafka.broker.LocalBrokerProcess;
import anabranch.kafka.broker.LocalBrokerSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's commands, as they stand there, end in rounds that clients have trained. */
class ReadmeITCase {

  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final int CLIENTS = 2;
  private static final int TASK_MANAGERS = 2;

  /** A small share: what is trained does not matter here. */
  private static final String SHARE = "/300";

  @TempDir private Path directory;

  private final List<ChildProcess> clients = new ArrayList<>();
  private final List<String> settings = new ArrayList<>();
  private FlinkCluster cluster;
  private String job;

  @Test
  void commandsOfTheReadmeTrainAModelOnACluster() throws Exception {
    try (LocalBrokerProcess broker =
            LocalBrokerProcess.start(LocalBrokerSettings.keptIn(directory.resolve("broker")));
        FlinkCluster started = FlinkCluster.start(directory.resolve("flink"), TASK_MANAGERS)) {
      cluster = started;
      cluster.awaitTaskManagers();
      settings.add("--set=kafka.bootstrap-servers=" + broker.bootstrapServers());
      settings.add("--set=cohort.size=" + CLIENTS);
      settings.add("--set=cohort.over-selection=1");
      String last = "";
      for (List<String> command : DocumentedCommands.readme()) {
        last = follow(command);
      }
      assertThat(last).contains("COMPLETED");
      assertMetricsAreShown();
    } finally {
      clients.forEach(ChildProcess::close);
    }
  }

  private String follow(List<String> command) throws Exception {
    switch (command.get(0)) {
      case "mvn":
        // What it makes is what this test runs.
        return "";
      case "flink":
        job = submit(command);
        return job;
      case "./anabranch":
        return command.get(1).equals("client") ? join(command) : anabranch(command);
      default:
        throw new AssertionError("the README runs " + String.join(" ", command));
    }
  }

  private String submit(List<String> command) throws Exception {
    assertThat(command.get(1)).isEqualTo("run");
    List<String> all = new ArrayList<>(command.subList(1, command.size()));
    all.addAll(settings);
    return cluster.flink(all);
  }

  private String anabranch(List<String> command) throws Exception {
    try (ChildProcess process = start(command.get(1), command)) {
      return process.finish(PATIENCE);
    }
  }

  /** Starts clients and waits for a round. */
  private String join(List<String> command) throws Exception {
    for (int i = 1; i <= CLIENTS; i++) {
      List<String> own = new ArrayList<>(command);
      own.set(own.indexOf("--id") + 1, "client-" + i);
      own.set(own.indexOf("--share") + 1, i + SHARE);
      own.addAll(List.of("--state", directory.resolve("client-" + i).toString()));
      clients.add(start("client-" + i, own));
    }
    Await.until(
        () -> "a round is completed; the first client says: " + clients.get(0).lastOutput(),
        PATIENCE,
        () -> cluster.rest().coordinator(job, "modelVersion").orElse(0) >= 1);
    return "";
  }

  private ChildProcess start(String name, List<String> command) throws Exception {
    List<String> all = new ArrayList<>(Repository.launcher());
    all.addAll(command.subList(1, command.size()));
    if (!command.get(1).equals("config")) {
      all.addAll(settings);
    }
    return ChildProcess.start(name, directory.resolve("logs"), all, Map.of());
  }

  /** Dashboard and alert rules ask for nothing that the cluster does not have. */
  private void assertMetricsAreShown() throws Exception {
    Set<String> missing = new HashSet<>(Monitoring.metrics());
    Await.until(
        () -> "Prometheus is shown " + missing,
        PATIENCE,
        () -> {
          missing.removeAll(cluster.prometheusMetrics());
          return missing.isEmpty();
        });
  }
}

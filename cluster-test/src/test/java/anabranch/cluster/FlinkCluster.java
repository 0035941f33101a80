// SPDX-License-Identifier: Apache-2.0
package anabranch.cluster;

import anabranch.job.testkit.Await;
import anabranch.kafka.broker.FreePort;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A standalone session cluster with the configuration of {@code deploy/flink}: a JobManager and
 * TaskManagers of one slot each, every one a process of its own.
 */
final class FlinkCluster implements AutoCloseable {

  /** No answer of the REST API about metrics is older. */
  static final Duration METRICS_AGE = Duration.ofMillis(600);

  private static final Duration METRICS_INTERVAL = Duration.ofMillis(300);
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Pattern SUBMITTED =
      Pattern.compile("Job has been submitted with JobID ([0-9a-f]{32})");

  private static final int PROMETHEUS_PORTS = 20;
  private static final int SAMPLES_MILLIS = 5_000;
  private static final Pattern SAMPLE = Pattern.compile("(?m)^(flink_[A-Za-z0-9_]+)");

  private final int prometheus = FreePort.find();
  private final FlinkInstallation flink = FlinkInstallation.chosen();
  private final Path directory;
  private final Path conf;
  private final FlinkRest rest;
  private final Map<String, ChildProcess> taskManagers = new LinkedHashMap<>();
  private ChildProcess jobManager;
  private int started;
  private int submissions;

  private FlinkCluster(Path directory) throws Exception {
    this.directory = directory;
    int port = FreePort.find();
    rest = new FlinkRest(URI.create("http://localhost:" + port));
    conf = FlinkConfiguration.deployed().with(differences(port)).write(directory.resolve("conf"));
  }

  /**
   * Starts all processes and does not wait until they know each other.
   *
   * @param directory of configuration, logs and state
   * @param taskManagers how many to begin with
   */
  static FlinkCluster start(Path directory, int taskManagers) throws Exception {
    FlinkCluster cluster = new FlinkCluster(directory);
    try {
      cluster.startJobManager();
      for (int i = 0; i < taskManagers; i++) {
        cluster.startTaskManager();
      }
      return cluster;
    } catch (Exception | Error e) {
      cluster.close();
      throw e;
    }
  }

  /** Ports that are free, folders of this test, and less memory than a machine has for itself. */
  private Map<String, String> differences(int restPort) {
    Map<String, String> values = new HashMap<>();
    for (String host :
        List.of(
            "jobmanager.rpc.address",
            "jobmanager.bind-host",
            "rest.address",
            "rest.bind-address",
            "taskmanager.host",
            "taskmanager.bind-host")) {
      values.put(host, "localhost");
    }
    values.put("rest.port", Integer.toString(restPort));
    values.put("jobmanager.rpc.port", Integer.toString(FreePort.find()));
    values.put("blob.server.port", Integer.toString(FreePort.find()));
    values.put("metrics.reporter.prom.port", prometheus + "-" + (prometheus + PROMETHEUS_PORTS));
    values.put("metrics.fetcher.update-interval", METRICS_INTERVAL.toMillis() + "ms");
    values.put("io.tmp.dirs", directory.resolve("tmp").toString());
    values.put("execution.checkpointing.dir", checkpoints().toUri().toString());
    values.put(
        "execution.checkpointing.savepoint-dir",
        directory.resolve("savepoints").toUri().toString());
    values.put("jobmanager.memory.process.size", "1g");
    values.put("taskmanager.memory.process.size", "1280m");
    // A busy machine is slow, not broken.
    values.put("pekko.startup-timeout", "2min");
    values.put("pekko.ask.timeout", "1min");
    values.put("taskmanager.slot.timeout", "10s");
    // The heap is taken from the system at once: what grows later is not the heap.
    values.put("env.java.opts.taskmanager", "-XX:+UseSerialGC -XX:+AlwaysPreTouch");
    return values;
  }

  FlinkRest rest() {
    return rest;
  }

  /** Submits the job by {@code flink run} and returns its id. */
  String run(List<String> options, List<String> arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("run", "--detached"));
    command.addAll(options);
    command.add(Repository.JOB_JAR);
    command.addAll(arguments);
    return flink(command);
  }

  /** Submits a job by {@code flink} with these arguments and returns the job's id. */
  String flink(List<String> arguments) throws Exception {
    List<String> command = new ArrayList<>(flink.commandLine(conf));
    command.addAll(arguments);
    try (ChildProcess submission =
        ChildProcess.start("submission-" + ++submissions, logs(), command, environment())) {
      String said = submission.finish(PATIENCE);
      Matcher submitted = SUBMITTED.matcher(said);
      if (!submitted.find()) {
        throw new AssertionError("no job was submitted: " + said);
      }
      return submitted.group(1);
    }
  }

  /** Kills the JobManager. */
  void killJobManager() throws Exception {
    jobManager.kill();
  }

  /** Starts a JobManager in the place of one that was killed, and waits for the TaskManagers. */
  void restartJobManager() throws Exception {
    startJobManager();
    awaitTaskManagers();
  }

  /** Kills the oldest TaskManager. */
  void killTaskManager() throws Exception {
    String oldest = taskManagers.keySet().iterator().next();
    taskManagers.remove(oldest).kill();
  }

  /** Starts one more. */
  void startTaskManager() throws Exception {
    String id = "taskmanager-" + ++started;
    List<String> command = new ArrayList<>(flink.taskManager(conf));
    command.addAll(FlinkInstallation.named(id));
    taskManagers.put(id, ChildProcess.start(id, logs(), command, environment()));
  }

  private void startJobManager() throws Exception {
    jobManager = ChildProcess.start("jobmanager", logs(), flink.jobManager(conf), environment());
  }

  /** Waits until the JobManager knows all that run. */
  void awaitTaskManagers() throws Exception {
    Await.until(
        () -> "%d TaskManagers are known".formatted(taskManagers.size()),
        PATIENCE,
        () -> {
          demandAllAlive();
          return rest.taskManagers() == taskManagers.size();
        });
  }

  private void demandAllAlive() throws Exception {
    for (ChildProcess process : processes()) {
      if (!process.isAlive()) {
        throw new AssertionError("a process of the cluster has ended: " + process.output());
      }
    }
  }

  /** What the oldest TaskManager occupies. */
  Footprint footprint() throws Exception {
    return taskManagers.values().iterator().next().footprint();
  }

  /** Names of the metrics that all processes show to Prometheus. */
  Set<String> prometheusMetrics() throws Exception {
    Set<String> names = new HashSet<>();
    for (int port = prometheus; port <= prometheus + PROMETHEUS_PORTS; port++) {
      URLConnection connection =
          URI.create("http://localhost:" + port + "/metrics").toURL().openConnection();
      connection.setConnectTimeout(SAMPLES_MILLIS);
      connection.setReadTimeout(SAMPLES_MILLIS);
      try (InputStream shown = connection.getInputStream()) {
        Matcher sample = SAMPLE.matcher(new String(shown.readAllBytes(), StandardCharsets.UTF_8));
        while (sample.find()) {
          names.add(sample.group());
        }
      } catch (IOException e) {
        // Each process has taken one of the ports; what has taken another may be anything.
        continue;
      }
    }
    return names;
  }

  /** The newest complete checkpoint of a job. */
  String newestCheckpoint(String job) throws Exception {
    try (Stream<Path> found = Files.list(checkpoints().resolve(job))) {
      return found
          .filter(path -> Files.exists(path.resolve("_metadata")))
          .max(Comparator.comparingInt(FlinkCluster::number))
          .orElseThrow()
          .toUri()
          .toString();
    }
  }

  private static int number(Path checkpoint) {
    return Integer.parseInt(checkpoint.getFileName().toString().substring("chk-".length()));
  }

  private Path checkpoints() {
    return directory.resolve("checkpoints");
  }

  private Path logs() {
    return directory.resolve("logs");
  }

  private Map<String, String> environment() {
    return flink.environment(conf);
  }

  private List<ChildProcess> processes() {
    List<ChildProcess> all = new ArrayList<>(taskManagers.values());
    if (jobManager != null) {
      all.add(jobManager);
    }
    return all;
  }

  @Override
  public void close() {
    for (ChildProcess process : processes()) {
      process.close();
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.testbed;

import anabranch.kafka.broker.FreePort;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint;
import org.apache.flink.runtime.taskexecutor.TaskManagerRunner;

/** A standalone Flink cluster: a JobManager and a TaskManager, each a process. */
final class FlinkCluster implements AutoCloseable {

  private static final int PATIENCE_SECONDS = 90;
  private static final int POLL_MILLIS = 100;

  /** Heap that Flink itself counts on, of the whole. */
  private static final int FRAMEWORK_HEAP_MEBIBYTES = 128;

  private static final int FRAMEWORK_OFF_HEAP_MEBIBYTES = 128;
  private static final int NETWORK_MEBIBYTES = 128;

  /** For the sockets of Kafka's consumers, which read by way of direct memory. */
  private static final int TASK_OFF_HEAP_MEBIBYTES = 128;

  /** It is not measured: compiled quickly, it leaves the cores to what is. */
  private static final List<String> JOB_MANAGER_OPTIONS =
      List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  private static final int METASPACE_MEBIBYTES = 256;
  private static final int OVERHEAD_MEBIBYTES = 256;

  private final Path directory;
  private final ClusterSettings settings;
  private final ChildProcess jobManager;
  private final int restPort;
  private final HttpClient http = HttpClient.newHttpClient();
  private ChildProcess taskManager;
  private int taskManagers;

  private FlinkCluster(
      Path directory, ClusterSettings settings, ChildProcess jobManager, int restPort) {
    this.directory = directory;
    this.settings = settings;
    this.jobManager = jobManager;
    this.restPort = restPort;
  }

  /**
   * Starts both and does not wait for them.
   *
   * @param directory of configuration, logs and what Flink keeps on disk
   */
  static FlinkCluster launch(Path directory, ClusterSettings settings) throws IOException {
    int restPort = FreePort.find();
    writeConfiguration(directory, settings, restPort);
    ChildProcess jobManager =
        ChildProcess.start(
            directory.resolve("jobmanager.log"),
            JOB_MANAGER_OPTIONS,
            StandaloneSessionClusterEntrypoint.class.getName(),
            List.of("--configDir", directory.toString()));
    FlinkCluster cluster = new FlinkCluster(directory, settings, jobManager, restPort);
    cluster.launchTaskManager();
    return cluster;
  }

  /** Starts another TaskManager, ending the one before, and does not wait for it. */
  void launchTaskManager() throws IOException {
    endTaskManager();
    taskManagers++;
    taskManager =
        ChildProcess.start(
            directory.resolve("taskmanager.log"),
            taskManagerOptions(settings),
            TaskManagerRunner.class.getName(),
            List.of(
                "--configDir",
                directory.toString(),
                "-D",
                "taskmanager.resource-id=" + taskManagerId()));
  }

  private String taskManagerId() {
    return "taskmanager-" + taskManagers;
  }

  /** Ends the TaskManager if there is one. */
  void endTaskManager() {
    if (taskManager != null) {
      taskManager.close();
      taskManager = null;
    }
  }

  private static List<String> taskManagerOptions(ClusterSettings settings) {
    int direct = FRAMEWORK_OFF_HEAP_MEBIBYTES + TASK_OFF_HEAP_MEBIBYTES + NETWORK_MEBIBYTES;
    List<String> fixed =
        List.of(
            "-Xms%dm".formatted(settings.heapMebibytes()),
            "-Xmx%dm".formatted(settings.heapMebibytes()),
            "-XX:MaxDirectMemorySize=%dm".formatted(direct),
            "-XX:MaxMetaspaceSize=%dm".formatted(METASPACE_MEBIBYTES),
            // As in deploy/flink/config.yaml.
            "-XX:G1HeapRegionSize=4m");
    return Stream.of(fixed, settings.jvmOptions()).flatMap(List::stream).toList();
  }

  private static void writeConfiguration(Path directory, ClusterSettings settings, int restPort)
      throws IOException {
    Map<String, String> lines = new TreeMap<>();
    lines.put("jobmanager.rpc.address", "localhost");
    lines.put("jobmanager.rpc.port", Integer.toString(FreePort.find()));
    lines.put("jobmanager.bind-host", "localhost");
    lines.put("rest.address", "localhost");
    lines.put("rest.bind-address", "localhost");
    lines.put("rest.port", Integer.toString(restPort));
    lines.put("taskmanager.host", "localhost");
    lines.put("taskmanager.bind-host", "localhost");
    lines.put("taskmanager.numberOfTaskSlots", Integer.toString(settings.slots()));
    lines.put("taskmanager.cpu.cores", Integer.toString(settings.slots()));
    lines.put("taskmanager.memory.framework.heap.size", FRAMEWORK_HEAP_MEBIBYTES + "m");
    lines.put(
        "taskmanager.memory.task.heap.size",
        settings.heapMebibytes() - FRAMEWORK_HEAP_MEBIBYTES + "m");
    lines.put("taskmanager.memory.framework.off-heap.size", FRAMEWORK_OFF_HEAP_MEBIBYTES + "m");
    lines.put("taskmanager.memory.task.off-heap.size", TASK_OFF_HEAP_MEBIBYTES + "m");
    lines.put("taskmanager.memory.network.min", NETWORK_MEBIBYTES + "m");
    lines.put("taskmanager.memory.network.max", NETWORK_MEBIBYTES + "m");
    lines.put("taskmanager.memory.jvm-metaspace.size", METASPACE_MEBIBYTES + "m");
    lines.put("taskmanager.memory.jvm-overhead.min", OVERHEAD_MEBIBYTES + "m");
    lines.put("taskmanager.memory.jvm-overhead.max", OVERHEAD_MEBIBYTES + "m");
    lines.put("taskmanager.memory.managed.size", settings.managedMebibytes() + "m");
    lines.put("io.tmp.dirs", directory.toString());
    // A TaskManager that was ended is to be forgotten at once: 10 s by default.
    lines.put("heartbeat.interval", "1000");
    lines.put("metrics.fetcher.update-interval", POLL_MILLIS + "ms");
    lines.putAll(settings.flinkOptions());
    Files.write(
        directory.resolve("config.yaml"),
        lines.entrySet().stream()
            .map(line -> "%s: %s".formatted(line.getKey(), line.getValue()))
            .collect(Collectors.toList()));
  }

  /**
   * Waits until the TaskManager is registered, and none that was before it.
   *
   * @throws IllegalStateException if a process has ended, or after a minute and a half
   */
  void awaitTaskManager() throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE_SECONDS * 1_000_000_000L;
    while (!registered().equals(List.of(taskManagerId()))) {
      demandAlive();
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "%s is not registered alone after %d s, but %s"
                .formatted(taskManagerId(), PATIENCE_SECONDS, registered()));
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  private List<String> registered() throws InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(rest().resolve("/taskmanagers")).build();
    try {
      String answer = http.send(request, BodyHandlers.ofString()).body();
      return new ObjectMapper().readTree(answer).path("taskmanagers").findValuesAsText("id");
    } catch (IOException e) {
      // It does not listen yet, or not yet with JSON.
      return List.of();
    }
  }

  /** Where the JobManager's REST API answers. */
  URI rest() {
    return URI.create("http://localhost:" + restPort);
  }

  ClusterSettings settings() {
    return settings;
  }

  /** What the TaskManager takes, which is there. */
  ProcessUsage taskManager() {
    return taskManager.usage();
  }

  /**
   * @throws IllegalStateException if one of the processes has ended
   */
  void demandAlive() {
    jobManager.demandAlive();
    if (taskManager != null) {
      taskManager.demandAlive();
    }
  }

  @Override
  public void close() {
    endTaskManager();
    jobManager.close();
  }
}

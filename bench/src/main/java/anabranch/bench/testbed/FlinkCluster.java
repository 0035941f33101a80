// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.testbed;

import anabranch.kafka.broker.FreePort;
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

  private static final int START_SECONDS = 90;
  private static final int POLL_MILLIS = 100;

  /** Heap that Flink itself counts on, of the whole. */
  private static final int FRAMEWORK_HEAP_MEBIBYTES = 128;

  private static final int FRAMEWORK_OFF_HEAP_MEBIBYTES = 128;
  private static final int NETWORK_MEBIBYTES = 128;

  /** For the sockets of Kafka's consumers, which read by way of direct memory. */
  private static final int TASK_OFF_HEAP_MEBIBYTES = 128;

  private static final int METASPACE_MEBIBYTES = 256;
  private static final int OVERHEAD_MEBIBYTES = 256;

  private final ChildProcess jobManager;
  private final ChildProcess taskManager;
  private final int restPort;

  private FlinkCluster(ChildProcess jobManager, ChildProcess taskManager, int restPort) {
    this.jobManager = jobManager;
    this.taskManager = taskManager;
    this.restPort = restPort;
  }

  /**
   * Starts both and returns when the TaskManager has registered.
   *
   * @param directory of configuration, logs and what Flink keeps on disk
   */
  static FlinkCluster start(Path directory, ClusterSettings settings)
      throws IOException, InterruptedException {
    int restPort = FreePort.find();
    writeConfiguration(directory, settings, restPort);
    List<String> arguments = List.of("--configDir", directory.toString());
    ChildProcess jobManager =
        ChildProcess.start(
            directory.resolve("jobmanager.log"),
            List.of("-Xmx512m", "-XX:+UseSerialGC"),
            StandaloneSessionClusterEntrypoint.class.getName(),
            arguments);
    ChildProcess taskManager =
        ChildProcess.start(
            directory.resolve("taskmanager.log"),
            taskManagerOptions(settings),
            TaskManagerRunner.class.getName(),
            arguments);
    FlinkCluster cluster = new FlinkCluster(jobManager, taskManager, restPort);
    try {
      cluster.awaitTaskManager();
      return cluster;
    } catch (IllegalStateException | InterruptedException e) {
      cluster.close();
      throw e;
    }
  }

  private static List<String> taskManagerOptions(ClusterSettings settings) {
    int direct = FRAMEWORK_OFF_HEAP_MEBIBYTES + TASK_OFF_HEAP_MEBIBYTES + NETWORK_MEBIBYTES;
    List<String> fixed =
        List.of(
            "-Xms%dm".formatted(settings.heapMebibytes()),
            "-Xmx%dm".formatted(settings.heapMebibytes()),
            "-XX:MaxDirectMemorySize=%dm".formatted(direct),
            "-XX:MaxMetaspaceSize=%dm".formatted(METASPACE_MEBIBYTES));
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
    lines.put("metrics.fetcher.update-interval", POLL_MILLIS + "ms");
    lines.putAll(settings.flinkOptions());
    Files.write(
        directory.resolve("config.yaml"),
        lines.entrySet().stream()
            .map(line -> "%s: %s".formatted(line.getKey(), line.getValue()))
            .collect(Collectors.toList()));
  }

  private void awaitTaskManager() throws InterruptedException {
    long deadline = System.nanoTime() + START_SECONDS * 1_000_000_000L;
    while (!overview().contains("\"taskmanagers\":1")) {
      demandAlive();
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "the TaskManager has not registered within %d s".formatted(START_SECONDS));
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  private String overview() throws InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(rest().resolve("/overview")).build();
    try {
      return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    } catch (IOException e) {
      return "not listening yet";
    }
  }

  /** Where the JobManager's REST API answers. */
  URI rest() {
    return URI.create("http://localhost:" + restPort);
  }

  /** What the TaskManager takes. */
  ProcessUsage taskManager() {
    return taskManager.usage();
  }

  /**
   * @throws IllegalStateException if one of the processes has ended
   */
  void demandAlive() {
    jobManager.demandAlive();
    taskManager.demandAlive();
  }

  @Override
  public void close() {
    taskManager.close();
    jobManager.close();
  }
}

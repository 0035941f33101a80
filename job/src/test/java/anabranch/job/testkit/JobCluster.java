// SPDX-License-Identifier: Apache-2.0
package anabranch.job.testkit;

import anabranch.job.Main;
import anabranch.job.config.FederationConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.MetricOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.executiongraph.AccessExecutionVertex;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;

/** A Flink cluster in this JVM with two TaskManagers of one slot each, for one job at a time. */
public final class JobCluster implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /**
   * How a job is run.
   *
   * @param parallelism 1 or 2
   * @param stateBackend {@code hashmap} or {@code rocksdb}
   * @param savepoint to start from, or null
   * @param rollback as in {@link Main#define}
   */
  public record Run(int parallelism, String stateBackend, String savepoint, boolean rollback) {

    public static final Run PLAIN = new Run(1, "hashmap", null, false);

    /** The same with another parallelism. */
    public Run at(int newParallelism) {
      return new Run(newParallelism, stateBackend, savepoint, rollback);
    }

    /** The same with another state backend. */
    public Run on(String backend) {
      return new Run(parallelism, backend, savepoint, rollback);
    }

    /** The same from a savepoint. */
    public Run from(String path) {
      return new Run(parallelism, stateBackend, path, rollback);
    }

    /** The same under a new incarnation. */
    public Run rollingBack() {
      return new Run(parallelism, stateBackend, savepoint, true);
    }
  }

  private final MiniCluster cluster;
  private final Path directory;
  private JobID job;
  private int gone;

  private JobCluster(MiniCluster cluster, Path directory) {
    this.cluster = cluster;
    this.directory = directory;
  }

  /**
   * Starts a cluster.
   *
   * @param directory of checkpoints and savepoints
   */
  public static JobCluster start(Path directory) throws Exception {
    Configuration settings = new Configuration();
    settings.set(RestOptions.BIND_PORT, "0");
    settings.set(MetricOptions.METRIC_FETCHER_UPDATE_INTERVAL, Duration.ofMillis(200));
    settings.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(32));
    settings.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(64));
    MiniCluster cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(settings)
                .setNumTaskManagers(2)
                .setNumSlotsPerTaskManager(1)
                .build());
    cluster.start();
    return new JobCluster(cluster, directory);
  }

  /** Submits the job and returns once it runs. */
  public void submit(FederationConfig config, Run run) throws Exception {
    submitOnly(config, run);
    Await.until(
        () -> "the job is running, it is " + status(),
        PATIENCE,
        () -> status() == JobStatus.RUNNING);
  }

  /** Submits the job. */
  public void submitOnly(FederationConfig config, Run run) throws Exception {
    Configuration settings = new Configuration();
    settings.set(StateBackendOptions.STATE_BACKEND, run.stateBackend());
    settings.set(
        CheckpointingOptions.CHECKPOINTS_DIRECTORY,
        directory.resolve("checkpoints").toUri().toString());
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(settings);
    env.setParallelism(run.parallelism());
    Main.define(env, config, run.rollback());
    StreamGraph graph = env.getStreamGraph();
    if (run.savepoint() != null) {
      graph.setSavepointRestoreSettings(SavepointRestoreSettings.forPath(run.savepoint()));
    }
    job = cluster.submitJob(graph).get().getJobID();
  }

  /** Where the job is. */
  public JobStatus status() {
    return cluster.getJobStatus(job).join();
  }

  /** Why the job has failed; waits until it has. */
  public Throwable failure() throws Exception {
    Await.until("the job fails", PATIENCE, () -> status() == JobStatus.FAILED);
    return cluster
        .requestJobResult(job)
        .get()
        .getSerializedThrowable()
        .orElseThrow()
        .deserializeError(JobCluster.class.getClassLoader());
  }

  /** Stops the job and returns its savepoint. */
  public String stopWithSavepoint() throws Exception {
    String path =
        cluster
            .stopWithSavepoint(
                job,
                directory.resolve("savepoints").toUri().toString(),
                /* terminate= */ false,
                SavepointFormatType.CANONICAL)
            .get();
    cluster.requestJobResult(job).get();
    return path;
  }

  /** Takes the older TaskManager away and starts another. */
  public void replaceTaskManager() throws Exception {
    // The cluster numbers them in the order of their starts, those that are gone included.
    cluster.terminateTaskManager(gone++).get();
    cluster.startTaskManager();
  }

  /** How often the job began anew by itself. */
  public int restarts() throws Exception {
    int most = 0;
    for (AccessExecutionVertex vertex :
        cluster.getArchivedExecutionGraph(job).get().getAllExecutionVertices()) {
      most = Math.max(most, vertex.getCurrentExecutionAttempt().getAttemptNumber());
    }
    return most;
  }

  /** Cancels the job and returns when it is gone. */
  public void cancel() throws Exception {
    cluster.cancelJob(job).get();
    cluster.requestJobResult(job).get();
  }

  /** Cancels the job that an earlier test may have left. */
  void cancelIfRunning() throws Exception {
    if (job != null && !status().isGloballyTerminalState()) {
      cancel();
    }
  }

  /** Id of the newest job. */
  public JobID job() {
    return job;
  }

  /** Where the REST API answers. */
  public URI rest() {
    return cluster.getRestAddress().join();
  }

  @Override
  public void close() {
    cluster.closeAsync().join();
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.quickstart;

import anabranch.job.Main;
import anabranch.job.config.FederationConfig;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A Flink cluster in this JVM, with the web UI, that runs one federation's job. */
final class LocalCluster implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LocalCluster.class);
  private static final int STOP_SECONDS = 20;

  private final JobClient job;
  private final int webPort;

  private LocalCluster(JobClient job, int webPort) {
    this.job = job;
    this.webPort = webPort;
  }

  /**
   * Starts the cluster and submits the job.
   *
   * @param webPort port of the web UI on the loopback interface
   * @param directory where checkpoints go
   */
  static LocalCluster start(FederationConfig config, int webPort, int parallelism, Path directory)
      throws Exception {
    Configuration settings = new Configuration();
    settings.set(RestOptions.BIND_ADDRESS, "localhost");
    settings.set(RestOptions.ADDRESS, "localhost");
    settings.set(RestOptions.PORT, webPort);
    settings.set(RestOptions.BIND_PORT, Integer.toString(webPort));
    settings.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(64));
    settings.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(1));
    settings.set(CoreOptions.TMP_DIRS, directory.toString());
    settings.set(
        CheckpointingOptions.CHECKPOINTS_DIRECTORY,
        directory.resolve("checkpoints").toUri().toString());
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironmentWithWebUI(settings);
    env.setParallelism(parallelism);
    Main.define(env, config, false);
    return new LocalCluster(env.executeAsync(Main.jobName(config)), webPort);
  }

  String webUi() {
    return "http://localhost:" + webPort;
  }

  /** The reason why the job has failed, or null while it has not. */
  Throwable failure() throws InterruptedException {
    if (!job.getJobExecutionResult().isDone()) {
      return null;
    }
    try {
      job.getJobExecutionResult().get();
      return null;
    } catch (ExecutionException e) {
      return e.getCause();
    }
  }

  /** Cancels the job and waits until it has ended; the cluster ends with it. */
  @Override
  public void close() {
    try {
      if (job.getJobStatus().get(STOP_SECONDS, TimeUnit.SECONDS).isGloballyTerminalState()) {
        return;
      }
      job.cancel();
      job.getJobExecutionResult().get(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("a cancelled job has no result, and one that will not end dies with this JVM", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

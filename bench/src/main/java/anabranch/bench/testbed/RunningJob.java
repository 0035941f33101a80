// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.testbed;

import anabranch.job.Main;
import anabranch.job.config.FederationConfig;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A federation's job on the cluster that is measured. */
public final class RunningJob implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RunningJob.class);
  private static final int PATIENCE_SECONDS = 60;
  private static final int POLL_MILLIS = 50;
  private static final String AGGREGATE = "aggregate segments";
  private static final String HELD = "aggregate_segments.fl.bytesHeld";

  private final FlinkCluster cluster;
  private final JobClient job;
  private final URI address;
  private final HttpClient http = HttpClient.newHttpClient();
  private final ObjectMapper json = new ObjectMapper();

  private RunningJob(FlinkCluster cluster, JobClient job, URI address) {
    this.cluster = cluster;
    this.job = job;
    this.address = address;
  }

  static RunningJob submit(
      FlinkCluster cluster,
      FederationConfig config,
      int parallelism,
      String stateBackend,
      Path checkpoints)
      throws Exception {
    Configuration settings = new Configuration();
    settings.set(StateBackendOptions.STATE_BACKEND, stateBackend);
    settings.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints.toUri().toString());
    // The job's classes are on the cluster's class path, so no jar goes with it.
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createRemoteEnvironment(
            cluster.rest().getHost(), cluster.rest().getPort(), settings);
    env.setParallelism(parallelism);
    Main.define(env, config, false);
    JobClient client = env.executeAsync("anabranch: " + config.federation());
    RunningJob job =
        new RunningJob(cluster, client, cluster.rest().resolve("/jobs/" + client.getJobID()));
    job.awaitRunning();
    return job;
  }

  private void awaitRunning() throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (job.getJobStatus().get() != JobStatus.RUNNING) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "the job is %s after %d s".formatted(job.getJobStatus().get(), PATIENCE_SECONDS));
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  /**
   * @throws IllegalStateException if the job or a process of its cluster has ended
   */
  void demandRunning() {
    cluster.demandAlive();
    JobStatus status = job.getJobStatus().join();
    if (status.isGloballyTerminalState()) {
      throw new IllegalStateException("the job that is measured is " + status);
    }
  }

  /** Payload bytes that wait in all aggregators for the rest of their updates, as last reported. */
  public long heldBytes() throws IOException, InterruptedException {
    for (JsonNode vertex : get("").path("vertices")) {
      if (vertex.path("name").asText().contains(AGGREGATE)) {
        String id = vertex.path("id").asText();
        JsonNode sum = get("/vertices/" + id + "/subtasks/metrics?agg=sum&get=" + HELD);
        return (long) sum.path(0).path("sum").asDouble();
      }
    }
    throw new IllegalStateException("the job has no operator '%s'".formatted(AGGREGATE));
  }

  private JsonNode get(String path) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(address + path)).build();
    return json.readTree(http.send(request, BodyHandlers.ofString()).body());
  }

  /** Cancels the job and returns when it has ended, or after a minute. */
  @Override
  public void close() {
    try {
      job.cancel().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      while (!job.getJobStatus().get().isGloballyTerminalState() && System.nanoTime() < deadline) {
        Thread.sleep(POLL_MILLIS);
      }
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("a job that will not end dies with its cluster", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

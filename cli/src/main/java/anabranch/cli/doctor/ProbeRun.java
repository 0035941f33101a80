// SPDX-License-Identifier: Apache-2.0
package anabranch.cli.doctor;

import anabranch.job.doctor.NodeReport;
import anabranch.job.doctor.ProbeJob;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has a Flink cluster run {@link ProbeJob} and gathers what it found. */
final class ProbeRun {

  private static final Logger LOG = LoggerFactory.getLogger(ProbeRun.class);
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final long POLL_MILLIS = 200;
  private static final Set<String> ENDED = Set.of("FINISHED", "FAILED", "CANCELED", "SUSPENDED");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final FlinkRest rest;
  private String job;

  private ProbeRun(FlinkRest rest) {
    this.rest = rest;
  }

  /**
   * Uploads the jar, runs the probe, and takes the jar away again.
   *
   * @param slots that are free: the probe takes all
   * @throws IOException if the job does not come to its end; the message says why
   */
  static List<ProcessView> run(FlinkRest rest, Path jar, int slots, List<String> arguments)
      throws IOException {
    String uploaded = rest.upload(jar);
    try {
      return new ProbeRun(rest).submit(uploaded, slots, arguments);
    } finally {
      try {
        rest.delete(uploaded);
      } catch (IOException e) {
        LOG.warn("the jar {} stays on Flink's JobManager", uploaded, e);
      }
    }
  }

  private List<ProcessView> submit(String jar, int slots, List<String> arguments)
      throws IOException {
    job = rest.run(jar, ProbeJob.class.getName(), slots, arguments);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    String state = "";
    while (!ENDED.contains(state)) {
      if (System.nanoTime() > deadline) {
        rest.cancel(job);
        throw new IOException(
            "the probe job is %s after %d s and was cancelled"
                .formatted(state, PATIENCE.toSeconds()));
      }
      pause();
      state = rest.get("/jobs/" + job).path("state").asText();
    }
    if (!state.equals("FINISHED")) {
      String trace =
          rest.get("/jobs/" + job + "/exceptions")
              .at("/exceptionHistory/entries/0/stacktrace")
              .asText();
      throw new IOException("the probe job is %s: %s".formatted(state, FlinkRest.rootCause(trace)));
    }
    return views();
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the probe job runs", e);
    }
  }

  /** Of several slots of one TaskManager the first speaks for all. */
  private List<ProcessView> views() throws IOException {
    ClockOffset jobManagerClock = jobManagerClock();
    JsonNode subtasks = subtasks();
    List<ProcessView> views = new ArrayList<>();
    List<String> seen = new ArrayList<>();
    for (JsonNode json : reports()) {
      NodeReport report = NodeReport.of(json);
      if (report.ofJobManager()) {
        views.add(
            0, new ProcessView("", "JobManager on " + report.host(), report, jobManagerClock));
        continue;
      }
      JsonNode subtask = subtasks.get(report.subtask());
      String id = subtask.path("taskmanager-id").asText();
      if (!seen.contains(id)) {
        seen.add(id);
        views.add(view(id, report, subtask, jobManagerClock));
      }
    }
    return views;
  }

  /**
   * The JobManager wrote down by its own clock when it began to deploy the subtask and when the
   * subtask was done. The report has two readings of the TaskManager's clock that lie between.
   */
  private static ProcessView view(
      String id, NodeReport report, JsonNode subtask, ClockOffset jobManagerClock) {
    long deployed = subtask.path("start-time").asLong();
    long done = subtask.path("end-time").asLong();
    String name = "TaskManager %s on %s".formatted(id, report.host());
    ClockOffset againstJobManager =
        new ClockOffset(name, report.ended() - done, report.began() - deployed);
    return new ProcessView(id, name, report, againstJobManager.behind(jobManagerClock));
  }

  private ClockOffset jobManagerClock() throws IOException {
    long sent = System.currentTimeMillis();
    long now = rest.get("/jobs/" + job).path("now").asLong();
    return ClockOffset.between("JobManager", sent, now, System.currentTimeMillis());
  }

  private JsonNode subtasks() throws IOException {
    for (JsonNode vertex : rest.get("/jobs/" + job).path("vertices")) {
      // With its neighbours in one chain, where the cluster does not forbid chains.
      if (vertex.path("name").asText().contains(ProbeJob.OPERATOR)) {
        return rest.get("/jobs/%s/vertices/%s".formatted(job, vertex.path("id").asText()))
            .path("subtasks");
      }
    }
    throw new IOException("the probe job ran without its operator " + ProbeJob.OPERATOR);
  }

  private JsonNode reports() throws IOException {
    for (JsonNode accumulator :
        rest.get("/jobs/" + job + "/accumulators").path("user-task-accumulators")) {
      if (accumulator.path("name").asText().equals(ProbeJob.REPORTS)) {
        String text = accumulator.path("value").asText();
        return JSON.readTree(text.substring(text.indexOf('[')));
      }
    }
    throw new IOException("the probe job came back without a report");
  }
}

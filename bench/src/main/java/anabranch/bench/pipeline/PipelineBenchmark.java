// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.pipeline;

import anabranch.bench.testbed.Testbed;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Measures how fast whole rounds go through the job, and how much memory they take. It tells its
 * progress, then all figures as one JSON object in the last line; what was not asked for is null.
 */
public final class PipelineBenchmark {

  /** Numbers of clients whose memory is compared. */
  private static final List<Integer> MEMORY_CLIENTS = List.of(10, 100);

  private static final int DRAINS = 5;

  private final Testbed testbed;
  private final PrintStream out;
  private final Map<String, Object> figures = new LinkedHashMap<>();

  public PipelineBenchmark(Testbed testbed, PrintStream out) {
    this.testbed = testbed;
    this.out = out;
    for (String name :
        List.of(
            "drainBytesPerSecond",
            "jobBytesPerSecond",
            "ratio",
            "parametersPerSecond",
            "cpuSecondsPerGigabyte")) {
      figures.put(name, null);
    }
    figures.put("peakRssBytes", perClients());
    figures.put("heldBytes", perClients());
  }

  private static Map<String, Object> perClients() {
    Map<String, Object> empty = new LinkedHashMap<>();
    MEMORY_CLIENTS.forEach(clients -> empty.put(Integer.toString(clients), null));
    return empty;
  }

  /** Measures the job's throughput beside that of a bare consumer. */
  public void throughput(PipelineSettings settings) throws Exception {
    describe(settings);
    JobMeasurement measurement = new JobMeasurement(settings, out);
    JobFigures job = measurement.run(testbed, false);
    testbed.endTaskManager();
    double drain = drain(measurement);
    double best = job.best().bytesPerSecond();
    double dense = 4.0 * settings.parameters() * settings.clients() / job.best().bytes();
    out.printf(
        "job: %.0f to %.0f MB/s, %.2f of the bare consumer%n",
        job.worst().bytesPerSecond() / 1e6, best / 1e6, best / drain);
    figures.put("drainBytesPerSecond", Math.round(drain));
    figures.put("jobBytesPerSecond", Math.round(best));
    figures.put("ratio", rounded(best / drain));
    figures.put("parametersPerSecond", Math.round(best * dense / 4));
    figures.put("cpuSecondsPerGigabyte", rounded(job.best().cpuSecondsPerGigabyte()));
  }

  private double drain(JobMeasurement measurement) {
    List<Double> runs = new ArrayList<>();
    for (int run = 0; run < DRAINS; run++) {
      runs.add(measurement.drain());
    }
    double best = Collections.max(runs);
    out.printf("bare consumer: %.0f to %.0f MB/s%n", Collections.min(runs) / 1e6, best / 1e6);
    return best;
  }

  /**
   * Measures the TaskManager's memory with 10 and with 100 clients, each in a fresh process. Fewer
   * clients play more rounds, so that as many bytes go through both heaps.
   *
   * @param parameters of the model: the updates of all clients must fit into the hold budget
   */
  public void memory(PipelineSettings settings, int parameters) throws Exception {
    for (int clients : MEMORY_CLIENTS) {
      int rounds = settings.rounds() * Collections.max(MEMORY_CLIENTS) / clients;
      PipelineSettings smaller = settings.with(parameters, clients, rounds);
      describe(smaller);
      JobFigures job = new JobMeasurement(smaller, out).run(testbed, true);
      out.printf(
          "%d clients: peak RSS %s MB, %.0f MB held%n",
          clients,
          job.peakRssBytes().isPresent() ? job.peakRssBytes().getAsLong() / 1_000_000 : "?",
          job.heldBytes() / 1e6);
      String key = Integer.toString(clients);
      put(
          "peakRssBytes",
          key,
          job.peakRssBytes().isPresent() ? job.peakRssBytes().getAsLong() : null);
      put("heldBytes", key, job.heldBytes());
    }
  }

  @SuppressWarnings("unchecked")
  private void put(String figure, String key, Long value) {
    ((Map<String, Object>) figures.get(figure)).put(key, value);
  }

  private void describe(PipelineSettings settings) {
    out.printf(
        "%,d parameters, %d clients, %s, parts %s, parallelism %d, %s, heap %d MiB, hold budget %s%n",
        settings.parameters(),
        settings.clients(),
        settings.codec().label(),
        settings.order().name().toLowerCase(Locale.ROOT),
        settings.parallelism(),
        settings.stateBackend(),
        testbed.settings().heapMebibytes(),
        settings.holdBudget());
  }

  private static double rounded(double value) {
    return Math.round(value * 1_000) / 1_000.0;
  }

  /** All figures in one line. */
  public String json() {
    try {
      return new ObjectMapper().writeValueAsString(figures);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("numbers can be written", e);
    }
  }
}

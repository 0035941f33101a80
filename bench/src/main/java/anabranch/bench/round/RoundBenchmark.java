// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.round;

import anabranch.bench.testbed.AnnouncementTail;
import anabranch.bench.testbed.BenchFederation;
import anabranch.bench.testbed.RunningJob;
import anabranch.bench.testbed.SyntheticModel;
import anabranch.bench.testbed.Testbed;
import anabranch.client.topic.RoundReportReader;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.message.RoundReport;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Times rounds from one plan that clients can read to the next, through the whole protocol: model
 * down, updates up. It tells its progress, then all figures as one JSON object in the last line.
 */
public final class RoundBenchmark {

  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration POLL = Duration.ofMillis(500);

  private final Testbed testbed;
  private final PrintStream out;
  private final List<Map<String, Object>> figures = new ArrayList<>();

  public RoundBenchmark(Testbed testbed, PrintStream out) {
    this.testbed = testbed;
    this.out = out;
  }

  /** Times one federation. */
  public void run(RoundCase federation, RoundSettings settings) throws Exception {
    out.printf(
        "%d clients, %,d parameters, parallelism %d, %s%n",
        federation.clients(),
        federation.parameters(),
        settings.parallelism(),
        settings.stateBackend());
    List<Double> seconds = play(federation, settings);
    double median = median(seconds);
    double least = seconds.stream().min(Double::compare).orElseThrow();
    double greatest = seconds.stream().max(Double::compare).orElseThrow();
    out.printf(
        "%d rounds: median %.2f s, %.2f to %.2f s%n", seconds.size(), median, least, greatest);
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("clients", federation.clients());
    line.put("parameters", federation.parameters());
    line.put("rounds", seconds.size());
    line.put("medianSeconds", median);
    line.put("minSeconds", least);
    line.put("maxSeconds", greatest);
    figures.add(line);
  }

  private List<Double> play(RoundCase wanted, RoundSettings settings) throws Exception {
    testbed.freshTaskManager();
    BenchFederation federation =
        testbed.federation(
            new SyntheticModel(wanted.parameters()),
            Stream.concat(
                    Stream.of("cohort.size=" + wanted.clients(), "hold.budget=4gb"),
                    settings.configuration().stream())
                .toList());
    List<SegmentUpdate> update = federation.model().update(federation.config().encoding());
    List<LeanClient> clients =
        IntStream.range(0, wanted.clients())
            .mapToObj(number -> new LeanClient(federation, number, update))
            .toList();
    List<Double> seconds = new ArrayList<>();
    try (RunningJob job =
            testbed.submit(federation, settings.parallelism(), settings.stateBackend());
        RoundReportReader reports =
            new RoundReportReader(federation.connection(), federation.topics());
        AnnouncementTail plans = new AnnouncementTail(federation, job)) {
      federation.checkIn(wanted.clients());
      plans.awaitPlan(1, PATIENCE);
      long begun = System.currentTimeMillis();
      for (int round = 1; round <= settings.rounds() + 1; round++) {
        plans.awaitPlan(round + 1, PATIENCE);
        long now = System.currentTimeMillis();
        tell(round, begun, now, reports);
        if (round > 1) {
          seconds.add((now - begun) / 1e3);
        }
        begun = now;
      }
    } finally {
      clients.forEach(LeanClient::close);
    }
    return seconds;
  }

  private void tell(int round, long begun, long ended, RoundReportReader reports) {
    RoundReport report = null;
    while (report == null || report.round() < round) {
      for (RoundReport next : reports.poll(POLL)) {
        report = next;
      }
    }
    out.printf(
        "round %d  %5.2f s: first update after %.2f, closed %.2f, sealed %.2f%n",
        round,
        (ended - begun) / 1e3,
        (report.firstUpdateAt() - begun) / 1e3,
        (report.closedAt() - begun) / 1e3,
        (report.sealedAt() - begun) / 1e3);
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }

  /** All figures in one line. */
  public String json() {
    try {
      return new ObjectMapper().writeValueAsString(Map.of("cases", figures));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("numbers can be written", e);
    }
  }
}

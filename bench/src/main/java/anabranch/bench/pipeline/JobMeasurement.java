// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.pipeline;

import anabranch.bench.testbed.AnnouncementTail;
import anabranch.bench.testbed.BenchFederation;
import anabranch.bench.testbed.RunningJob;
import anabranch.bench.testbed.SyntheticModel;
import anabranch.bench.testbed.Testbed;
import anabranch.client.topic.RoundReportReader;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.message.Plan;
import anabranch.protocol.message.RoundReport;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Lets one start of the job drain round after round, each of which lies ready in the log. */
final class JobMeasurement {

  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final Duration POLL = Duration.ofMillis(500);

  private final PipelineSettings settings;
  private final PrintStream out;
  private RoundLog.Stretch newest;
  private String bootstrapServers;

  JobMeasurement(PipelineSettings settings, PrintStream out) {
    this.settings = settings;
    this.out = out;
  }

  /**
   * @param watchHeld whether to look at the gauge of held bytes all the time, which takes time that
   *     a measurement of speed would miss
   */
  JobFigures run(Testbed testbed, boolean watchHeld) throws Exception {
    testbed.freshTaskManager();
    BenchFederation federation =
        testbed.federation(new SyntheticModel(settings.parameters()), configuration());
    bootstrapServers = federation.connection().bootstrapServers();
    List<SegmentUpdate> update = federation.model().update(federation.config().encoding());
    List<RoundFigures> rounds = new ArrayList<>();
    try (RunningJob job =
            testbed.submit(federation, settings.parallelism(), settings.stateBackend());
        HeldBytesPeak held = new HeldBytesPeak(job, watchHeld);
        RoundLog log = new RoundLog(federation, settings.order());
        RoundReportReader reports =
            new RoundReportReader(federation.connection(), federation.topics());
        AnnouncementTail plans = new AnnouncementTail(federation, job)) {
      federation.checkIn(settings.clients());
      Plan plan = plans.awaitPlan(1, PATIENCE).plan();
      demandWholeCohort(plan);
      for (int round = 1 - settings.warmUp(); round <= settings.rounds(); round++) {
        newest = log.write(plan, settings.clients(), update);
        double cpu = testbed.taskManager().cpuSeconds();
        long begun = System.currentTimeMillis();
        log.commit();
        plan = plans.awaitPlan(plan.round() + 1, PATIENCE).plan();
        long visible = System.currentTimeMillis();
        RoundFigures figures =
            new RoundFigures(
                newest.bytes(),
                (report(reports, plan.round() - 1).sealedAt() - begun) / 1e3,
                (visible - begun) / 1e3,
                testbed.taskManager().cpuSeconds() - cpu);
        tell(round, figures);
        if (round > 0) {
          rounds.add(figures);
        }
      }
      return new JobFigures(rounds, held.bytes(), testbed.taskManager().peakRssBytes());
    }
  }

  /** Bytes a second that a bare consumer reads of the newest round. */
  double drain() {
    return LogDrain.bytesPerSecond(bootstrapServers, newest);
  }

  private List<String> configuration() {
    return Stream.of(
            settings.codec().settings(),
            List.of("cohort.size=" + settings.clients(), "hold.budget=" + settings.holdBudget()),
            settings.configuration())
        .flatMap(List::stream)
        .toList();
  }

  private void demandWholeCohort(Plan plan) {
    if (plan.cohort().size() < settings.clients()) {
      throw new IllegalStateException(
          "a hold budget of %s admits %d of %d clients: choose a greater one, or a smaller model"
              .formatted(settings.holdBudget(), plan.cohort().size(), settings.clients()));
    }
  }

  private static RoundReport report(RoundReportReader reports, long round) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      for (RoundReport report : reports.poll(POLL)) {
        if (report.round() == round) {
          return report;
        }
      }
    }
    throw new IllegalStateException("round %d has a plan behind it and no report".formatted(round));
  }

  private void tell(int round, RoundFigures figures) {
    out.printf(
        "%s  %7.0f MB/s to the sealed version in %.2f s, next plan after %.2f s, %.2f CPU s/GB%n",
        round < 1 ? "warm-up" : "round %d".formatted(round),
        figures.bytesPerSecond() / 1e6,
        figures.secondsToSeal(),
        figures.secondsToPlan(),
        figures.cpuSecondsPerGigabyte());
  }
}

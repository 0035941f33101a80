// SPDX-License-Identifier: Apache-2.0
package anabranch.quickstart;

import anabranch.client.topic.GlobalModel;
import anabranch.client.topic.SafetensorsFile;
import anabranch.client.train.Evaluation;
import anabranch.client.train.LocalOnlyBaseline;
import anabranch.client.train.torch.TorchEvaluator;
import anabranch.client.train.torch.TorchTrainer;
import anabranch.quickstart.display.Display;
import anabranch.quickstart.report.HtmlReport;
import anabranch.quickstart.report.ReportedRound;
import anabranch.quickstart.report.RunReport;
import anabranch.quickstart.report.Score;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A whole federation in this JVM, with nothing left out: a Kafka broker, a Flink cluster with its
 * web UI, the job, and clients that train on real data.
 */
public final class Quickstart {

  /** The model's file in the output folder. */
  public static final String MODEL_FILE = "model.safetensors";

  /** The report's file in the output folder. */
  public static final String REPORT_FILE = "report.html";

  private static final int ANY_RING = 2;
  private static final double MEGABYTE = 1e6;
  private static final long HEALTH_CHECK_MILLIS = 1_000;

  private final QuickstartSettings settings;
  private final Workload workload;
  private final Display display;
  private double firstRoundSeconds;

  /**
   * Reads the data.
   *
   * @throws IllegalArgumentException if the settings are not sound; the message says what to do
   * @throws IOException if the data cannot be read
   */
  public Quickstart(QuickstartSettings settings, Display display) throws IOException {
    QuickstartConfig.demandSound(settings);
    this.settings = settings;
    this.workload = Workload.open(settings);
    this.display = display;
  }

  /**
   * Runs the federation to its last round, and on until interrupted if it is to be kept running.
   *
   * @param finished is told the result when the last round is done
   * @throws IllegalStateException if the machine lacks something, the job fails or the ledger does
   *     not balance; the message says what to do
   * @throws InterruptedException if interrupted; everything is closed then
   */
  public void run(Consumer<QuickstartResult> finished) throws Exception {
    StartConditions.demand(settings, workload.model().size());
    try (RunningFederation federation = new RunningFederation(settings, workload, display)) {
      display.line(
          "data     %s, %,d samples to train on, %,d to test"
              .formatted(
                  workload.data().name(),
                  workload.data().train().size(),
                  workload.data().test().size()));
      federation.start();
      RoundFollower follower =
          new RoundFollower(
              federation.connection(), federation.config().topics(), workload.data().test());
      try {
        if (workload.blockwise().isPresent()) {
          display.line("memory   " + memoryColumns());
        }
        display.line("");
        display.line(RoundLine.header(workload.score(), workload.blockwise().isPresent()));
        display.done(0);
        follower.follow(settings.rounds(), federation::demandHealth, this::tell);
      } finally {
        display.close();
        tellTotals(follower);
      }
      QuickstartResult result = finish(federation, follower);
      if (settings.keepRunning()) {
        tellHowToLook(federation);
      }
      finished.accept(result);
      demandBalance(follower);
      while (settings.keepRunning()) {
        federation.demandHealth();
        Thread.sleep(HEALTH_CHECK_MILLIS);
      }
    }
  }

  private String memoryColumns() {
    return "needs: what training the stage is expected to take; peak: the most that a client's"
        + " process had resident while it trained, "
        + (settings.processes()
            ? "heap and libraries included"
            : "which is here one JVM with everything in it (--processes: a JVM for each client)");
  }

  private void tell(ReportedRound round) {
    display.line(RoundLine.of(round, workload.score(), workload.blockwise()));
    if (firstRoundSeconds == 0) {
      firstRoundSeconds = secondsSinceStart();
    }
    display.done(round.report().modelVersion());
  }

  private void tellTotals(RoundFollower follower) {
    display.line("");
    display.line("records  " + RoundLine.ledger(follower.total()));
    if (follower.completed() < settings.rounds()) {
      display.line(
          "ended after %d of %d rounds, %s %s"
              .formatted(
                  follower.completed(),
                  settings.rounds(),
                  workload.score().label(),
                  workload.score().text(follower.finalMean(Evaluation::score))));
    }
  }

  private QuickstartResult finish(RunningFederation federation, RoundFollower follower)
      throws Exception {
    double seconds = secondsSinceStart();
    boolean auc = workload.score() == Score.AUC;
    GlobalModel model = follower.newest();
    UplinkTraffic uplink =
        UplinkTraffic.measure(
            federation.connection(),
            federation.config().topics(),
            model.manifest(),
            settings.encoding().equals("dense-f32"));
    SafetensorsFile file = SafetensorsFile.of(model);
    QuickstartResult result =
        new QuickstartResult(
            follower.finalMean(Evaluation::accuracy),
            follower.completed(),
            seconds,
            firstRoundSeconds,
            uplink.bytes(),
            uplink.denseBytes(),
            federation.downlinkBytes(),
            follower.total(),
            sha256(file.bytes()),
            federation.webUi(),
            auc ? follower.finalMean(Evaluation::score) : null,
            auc ? localOnly() : null);
    Map<String, String> results = results(result);
    results.forEach((name, value) -> display.line("%-8s %s".formatted(name, value)));
    file.writeTo(put("model", MODEL_FILE));
    HtmlReport.write(
        new RunReport(
            "%s, trained by %d clients".formatted(workload.data().name(), settings.clients()),
            workload.score(),
            withLedger(results, follower),
            settingsByName(),
            follower.rounds()),
        put("report", REPORT_FILE));
    return result;
  }

  /**
   * Mean score of clients that each train as often as they did in the federation, but alone. Each
   * is taken after the round in which it scored best, so that training too long alone is no help to
   * the federation.
   */
  private double localOnly() throws InterruptedException {
    display.line("clients now train alone, for comparison ...");
    int turns = Math.max(1, settings.rounds() * settings.cohort() / settings.clients());
    return new LocalOnlyBaseline(new TorchTrainer(), new TorchEvaluator())
        .run(
            workload.model().manifest(ANY_RING),
            workload.initialWeights(),
            workload.shares(),
            settings.training(),
            turns,
            workload.data().test(),
            settings.seed())
        .meanBestScore();
  }

  private Path put(String what, String name) {
    Path file = settings.output().resolve(name);
    display.line("%-8s %s".formatted(what, file));
    return file;
  }

  private Map<String, String> results(QuickstartResult result) {
    Map<String, String> results = new LinkedHashMap<>();
    results.put(
        "accuracy",
        "%s on %,d test samples, mean of the last 3 versions"
            .formatted(Score.ACCURACY.text(result.accuracy()), workload.data().test().size()));
    if (result.auc() != null) {
      results.put(
          "AUC",
          "%s, mean of the last 3 versions; clients that each train alone reach %s at their best"
              .formatted(Score.AUC.text(result.auc()), Score.AUC.text(result.localOnlyAuc())));
    }
    results.put(
        "time",
        String.format(
            Locale.ROOT,
            "%.1f s, first round after %.1f s",
            result.seconds(),
            result.firstRoundSeconds()));
    results.put(
        "uplink",
        String.format(
            Locale.ROOT,
            "%.2f MB, dense float32 %.2f MB, ratio %.1f",
            result.uplinkBytes() / MEGABYTE,
            result.uplinkDenseBytes() / MEGABYTE,
            (double) result.uplinkDenseBytes() / result.uplinkBytes()));
    results.put(
        "downlink", String.format(Locale.ROOT, "%.2f MB", result.downlinkBytes() / MEGABYTE));
    return results;
  }

  private static Map<String, String> withLedger(
      Map<String, String> results, RoundFollower follower) {
    Map<String, String> all = new LinkedHashMap<>(results);
    all.put("records", RoundLine.ledger(follower.total()));
    return all;
  }

  private Map<String, String> settingsByName() {
    Map<String, String> byName = new LinkedHashMap<>();
    byName.put("data set", workload.data().name());
    byName.put("clients", Integer.toString(settings.clients()));
    byName.put("cohort", Integer.toString(settings.cohort()));
    byName.put("rounds", Integer.toString(settings.rounds()));
    byName.put("partition", settings.partition().toString());
    byName.put("model", workload.model().architecture());
    byName.put("epochs", Integer.toString(settings.epochs()));
    byName.put("learning rate", Double.toString(settings.learningRate()));
    byName.put("encoding", settings.encoding());
    byName.put("changes of versions", settings.downlink());
    byName.put("seed", Long.toString(settings.seed()));
    byName.put("parallelism", Integer.toString(settings.parallelism()));
    return byName;
  }

  private void demandBalance(RoundFollower follower) {
    if (!follower.total().balances()) {
      throw new IllegalStateException(
          "the ledger does not balance: " + RoundLine.ledger(follower.total()));
    }
  }

  private void tellHowToLook(RunningFederation federation) {
    display.line("");
    display.line("still running, all clients wait; Ctrl-C ends it");
    display.line("web UI   " + federation.webUi());
    display.line(
        "rounds   ./anabranch rounds --set federation=%s --set kafka.bootstrap-servers=%s"
            .formatted(
                federation.config().federation(), federation.connection().bootstrapServers()));
  }

  private static double secondsSinceStart() {
    return (System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime()) / 1e3;
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.quickstart;

import anabranch.client.data.Dataset;
import anabranch.client.topic.GlobalModel;
import anabranch.client.topic.GlobalModelReader;
import anabranch.client.topic.KafkaConnection;
import anabranch.client.topic.RoundReportReader;
import anabranch.client.train.Evaluation;
import anabranch.client.train.torch.TorchEvaluator;
import anabranch.protocol.Topics;
import anabranch.protocol.message.Ledger;
import anabranch.protocol.message.RoundOutcome;
import anabranch.protocol.message.RoundReport;
import anabranch.quickstart.report.ReportedRound;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.common.errors.InterruptException;

/** Follows a federation's rounds and evaluates each version on the test data. */
final class RoundFollower {

  private static final int FINAL_VERSIONS = 3;
  private static final Duration POLL = Duration.ofMillis(500);

  private final KafkaConnection connection;
  private final Topics topics;
  private final Dataset test;
  private final TorchEvaluator evaluator = new TorchEvaluator();
  private final List<ReportedRound> rounds = new ArrayList<>();
  private GlobalModel newest;
  private long completed;

  /** Throws when the federation cannot go on. */
  interface Health {
    void demand() throws InterruptedException;
  }

  RoundFollower(KafkaConnection connection, Topics topics, Dataset test) {
    this.connection = connection;
    this.topics = topics;
    this.test = test;
  }

  /**
   * Returns when so many rounds are completed.
   *
   * @param each is told of every round, failed ones too
   */
  void follow(long wanted, Health health, Consumer<ReportedRound> each)
      throws InterruptedException {
    try (RoundReportReader reports = new RoundReportReader(connection, topics);
        GlobalModelReader models = GlobalModelReader.ofDeployedBlocks(connection, topics)) {
      follow(wanted, health, each, reports, models);
    }
  }

  private void follow(
      long wanted,
      Health health,
      Consumer<ReportedRound> each,
      RoundReportReader reports,
      GlobalModelReader models)
      throws InterruptedException {
    try {
      while (completed < wanted) {
        health.demand();
        for (RoundReport report : reports.poll(POLL)) {
          ReportedRound round = new ReportedRound(report, evaluate(report, models));
          rounds.add(round);
          each.accept(round);
        }
      }
    } catch (InterruptException e) {
      // It leaves the thread interrupted, and readers cannot be closed cleanly so.
      Thread.interrupted();
      throw new InterruptedException(e.getMessage());
    }
  }

  /** Empty when the round made no version, or its version has been overwritten already. */
  private Optional<Evaluation> evaluate(RoundReport report, GlobalModelReader models) {
    if (report.outcome() != RoundOutcome.COMPLETED) {
      return Optional.empty();
    }
    completed = report.modelVersion();
    Optional<GlobalModel> model = models.version(completed, POLL);
    newest = model.or(() -> models.newest(POLL)).orElseThrow();
    return model.map(read -> evaluator.evaluate(read.manifest(), read.weights(), test));
  }

  /** All rounds so far, in order. */
  List<ReportedRound> rounds() {
    return rounds;
  }

  /** Rounds that made a version. */
  long completed() {
    return completed;
  }

  /** The newest model that was read, null before the first round. */
  GlobalModel newest() {
    return newest;
  }

  /** Where all records since the start ended. */
  Ledger total() {
    return rounds.isEmpty() ? Ledger.EMPTY : rounds.get(rounds.size() - 1).report().total();
  }

  /** Mean of a figure over the last three evaluated versions; 0 when there is none. */
  double finalMean(ToDoubleFunction<Evaluation> figure) {
    List<Evaluation> evaluations =
        rounds.stream().flatMap(round -> round.evaluation().stream()).toList();
    return evaluations.stream()
        .skip(Math.max(0, evaluations.size() - FINAL_VERSIONS))
        .mapToDouble(figure)
        .average()
        .orElse(0);
  }
}

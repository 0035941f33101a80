// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment;

import anabranch.bench.inprocess.CompletedRound;
import anabranch.bench.inprocess.InProcessFederation;
import anabranch.client.train.torch.TorchEvaluator;
import anabranch.client.train.torch.TorchTrainer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Runs a federation in one thread and measures its models. */
final class DriverRun {

  private static final String NO_BROKER = "localhost:9092";
  private static final double PERCENT = 100;
  private static final double NANOS = 1e9;

  private DriverRun() {}

  /**
   * @throws IOException if the data cannot be read
   */
  static RunResult run(RunSettings settings) throws IOException, InterruptedException {
    long start = System.nanoTime();
    Workload workload = Workload.of(settings);
    TorchEvaluator evaluator = new TorchEvaluator();
    List<RunResult.Point> points = new ArrayList<>();
    String[] hash = new String[1];
    new InProcessFederation(
            workload.config(NO_BROKER),
            workload.model(),
            workload.initialWeights(),
            workload.shares(),
            new TorchTrainer())
        .run(
            round -> {
              if (settings.isMeasured(round.version())) {
                points.add(point(round, accuracy(evaluator, round, workload)));
              }
              if (round.version() == settings.rounds()) {
                hash[0] = ModelHash.of(round.weights());
              }
            });
    return RunResult.of(
        settings, workload.model().size(), hash[0], (System.nanoTime() - start) / NANOS, points);
  }

  private static double accuracy(
      TorchEvaluator evaluator, CompletedRound round, Workload workload) {
    return PERCENT
        * evaluator.evaluate(round.manifest(), round.weights(), workload.test()).accuracy();
  }

  private static RunResult.Point point(CompletedRound round, double accuracy) {
    return new RunResult.Point(
        round.version(),
        accuracy,
        round.uplinkBytes(),
        round.downlinkBytes(),
        round.slowestUplinkBytes());
  }
}

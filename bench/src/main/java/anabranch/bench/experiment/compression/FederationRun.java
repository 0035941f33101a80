// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment.compression;

import anabranch.bench.experiment.ModelHash;
import anabranch.bench.federation.CompletedRound;
import anabranch.client.fleet.FleetClient;
import anabranch.client.train.torch.TorchEvaluator;
import anabranch.client.train.torch.TorchTrainer;
import java.util.ArrayList;
import java.util.List;

/** A federation that is run to its last round and measured. */
final class FederationRun {

  private static final double PERCENT = 100;
  private static final double NANOS = 1e9;

  private final RunSettings settings;
  private final Workload workload;
  private final TorchEvaluator evaluator = new TorchEvaluator();
  private final List<RunResult.Point> points = new ArrayList<>();
  private String modelSha256;

  private FederationRun(RunSettings settings, Workload workload) {
    this.settings = settings;
    this.workload = workload;
  }

  /**
   * @throws IllegalStateException if a client cannot train, a record is refused or a round fails
   */
  static RunResult of(RunSettings settings) throws Exception {
    long start = System.nanoTime();
    Workload workload = Workload.of(settings);
    FederationRun run = new FederationRun(settings, workload);
    settings
        .where()
        .run(
            workload::config,
            workload.model(),
            workload.initialWeights(),
            FleetClient.sharing(new TorchTrainer(), workload.shares()),
            run::measure);
    return RunResult.of(
        settings,
        workload.model().size(),
        run.modelSha256,
        (System.nanoTime() - start) / NANOS,
        run.points);
  }

  private void measure(CompletedRound round) {
    if (settings.isMeasured(round.version())) {
      double share =
          evaluator.evaluate(round.manifest(), round.weights(), workload.measured()).accuracy();
      points.add(
          new RunResult.Point(
              round.version(),
              PERCENT * share,
              round.uplinkBytes(),
              round.downlinkBytes(),
              round.slowestUplinkBytes()));
    }
    if (round.version() == settings.rounds()) {
      modelSha256 = ModelHash.of(round.weights());
    }
  }
}

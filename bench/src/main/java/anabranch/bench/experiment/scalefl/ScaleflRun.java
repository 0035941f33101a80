// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment.scalefl;

import anabranch.bench.experiment.ModelHash;
import anabranch.bench.experiment.scalefl.ScaleflResult.Point;
import anabranch.bench.experiment.scalefl.ScaleflResult.StageRound;
import anabranch.bench.federation.CompletedRound;
import anabranch.client.data.FederatedDataset;
import anabranch.protocol.message.Contribution;
import anabranch.protocol.message.RoundReport;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A federation that is run to its last round and measured. */
final class ScaleflRun {

  private static final double PERCENT = 100;
  private static final double NANOS = 1e9;

  private final ScaleflSettings settings;
  private final Workload workload;
  private final Map<String, Integer> numbers;
  private final List<Point> points = new ArrayList<>();
  private final List<StageRound> stages = new ArrayList<>();
  private final Set<String> tookPart = new HashSet<>();
  private long peakMemoryBytes;
  private double flops;
  private String modelSha256;

  private ScaleflRun(ScaleflSettings settings, Workload workload) {
    this.settings = settings;
    this.workload = workload;
    this.numbers = workload.numbers();
  }

  /**
   * @throws anabranch.bench.federation.DivergedException if a client cannot train or a record is
   *     refused
   */
  static ScaleflResult of(ScaleflSettings settings, FederatedDataset data) throws Exception {
    long start = System.nanoTime();
    ScaleflRun run = new ScaleflRun(settings, new Workload(settings, data));
    settings
        .where()
        .run(
            run.workload::config,
            run.workload.model(),
            run.workload.initialWeights(),
            run.workload.clients(),
            run::measure);
    return run.result((System.nanoTime() - start) / NANOS);
  }

  private void measure(CompletedRound round) {
    account(round.report());
    if (settings.isMeasured(round.version())) {
      double share = workload.evaluate(round.manifest(), round.weights()).accuracy();
      points.add(
          new Point(
              round.version(), PERCENT * share, round.uplinkBytes(), round.downlinkBytes(), flops));
    }
    if (round.version() == settings.rounds()) {
      modelSha256 = ModelHash.of(round.weights());
    }
  }

  private void account(RoundReport report) {
    for (Contribution contribution : report.contributions()) {
      int client = numbers.get(contribution.clientId());
      tookPart.add(contribution.clientId());
      peakMemoryBytes = Math.max(peakMemoryBytes, workload.bytes(client, report.stage()));
      flops += workload.flops(client, report.stage(), contribution.weight());
    }
    if (!workload.model().stages().isEmpty()) {
      stages.add(
          new StageRound(
              report.modelVersion(),
              report.stage(),
              report.lambda(),
              report.gamma(),
              report.metrics().get("nhsicX"),
              report.metrics().get("nhsicY"),
              report.eligible()));
    }
  }

  private ScaleflResult result(double seconds) {
    Point last = points.get(points.size() - 1);
    return new ScaleflResult(
        settings.method(),
        settings.partition(),
        settings.seed(),
        settings.rounds(),
        workload.deployedParameters(),
        points.stream()
            .filter(point -> settings.counts(point.round()))
            .mapToDouble(Point::accuracy)
            .average()
            .orElseThrow(),
        (double) tookPart.size() / settings.clients(),
        peakMemoryBytes,
        last.uplinkBytes(),
        last.downlinkBytes(),
        flops,
        seconds,
        settings.where(),
        modelSha256,
        settings,
        points,
        stages);
  }
}

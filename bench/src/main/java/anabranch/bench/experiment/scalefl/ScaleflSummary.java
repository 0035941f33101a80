// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment.scalefl;

/** A run as it stands in {@code scalefl.json}; components as in {@link ScaleflResult}. */
record ScaleflSummary(
    String method,
    String partition,
    long seed,
    int rounds,
    double accuracy,
    double participation,
    long peakMemoryBytes,
    long uplinkBytes,
    double clientComputeFlops,
    double seconds,
    String modelSha256) {

  static ScaleflSummary of(ScaleflResult run) {
    return new ScaleflSummary(
        run.method(),
        run.partition(),
        run.seed(),
        run.rounds(),
        run.accuracy(),
        run.participation(),
        run.peakMemoryBytes(),
        run.uplinkBytes(),
        run.clientComputeFlops(),
        run.seconds(),
        run.modelSha256());
  }
}

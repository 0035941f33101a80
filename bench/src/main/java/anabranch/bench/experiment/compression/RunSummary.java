// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment.compression;

/** A run as it stands in {@code compression.json}; components as in {@link RunResult}. */
record RunSummary(
    String preset,
    String partition,
    long seed,
    int rounds,
    long parameters,
    double accuracy,
    long uplinkBytes,
    long downlinkBytes,
    RunSettings.Where where,
    String modelSha256) {

  static RunSummary of(RunResult run) {
    return new RunSummary(
        run.preset(),
        run.partition(),
        run.seed(),
        run.rounds(),
        run.parameters(),
        run.accuracy(),
        run.uplinkBytes(),
        run.downlinkBytes(),
        run.where(),
        run.modelSha256());
  }
}

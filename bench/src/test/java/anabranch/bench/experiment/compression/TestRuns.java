// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment.compression;

import anabranch.bench.experiment.Where;
import anabranch.bench.experiment.compression.CompressionTable.Cell;
import java.util.List;

/** Runs that nobody ran. */
final class TestRuns {

  static final int ROUNDS = 10;

  private TestRuns() {}

  static RunSettings settings(String preset, long seed) {
    return settings(preset, seed, Tuning.USUAL_LEARNING_RATE, 1, Where.DRIVER);
  }

  static RunSettings settings(
      String preset, long seed, double learningRate, double share, Where where) {
    return CompressionTable.settings(
        new Cell(new Preset(preset), CompressionTable.SHARDS, seed),
        ROUNDS,
        learningRate,
        share,
        where);
  }

  static RunResult result(RunSettings settings, double accuracy, long uplinkBytes) {
    return RunResult.of(
        settings,
        1_000,
        "00",
        1,
        List.of(new RunResult.Point(ROUNDS, accuracy, uplinkBytes, 7_000_000, uplinkBytes / 20)));
  }

  static RunResult result(String preset, long seed, double accuracy, long uplinkBytes) {
    return result(settings(preset, seed), accuracy, uplinkBytes);
  }

  static RunResult tuned(String preset, long seed, double learningRate, double accuracy) {
    return tuned(preset, seed, learningRate, accuracy, 1_000_000);
  }

  static RunResult tuned(
      String preset, long seed, double learningRate, double accuracy, long uplinkBytes) {
    return result(
        settings(preset, seed, learningRate, Tuning.TRAINING_SHARE, Where.DRIVER),
        accuracy,
        uplinkBytes);
  }
}

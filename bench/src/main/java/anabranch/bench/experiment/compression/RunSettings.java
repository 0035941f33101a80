// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment.compression;

import anabranch.bench.experiment.Settings;
import anabranch.bench.experiment.Where;
import java.util.List;

/**
 * All that the result of a run depends on. Two runs of the same settings are the same run.
 *
 * @param preset name of the method, as it stands in tables
 * @param configuration keys of {@code federation.yaml} that make the method, each {@code key=value}
 * @param partition notation of the split
 * @param seed of split, initial weights, cohorts and order of batches
 * @param rounds completed rounds
 * @param clients simulated clients
 * @param cohort clients a round
 * @param learningRate of the clients
 * @param batchSize of the clients
 * @param epochs of a client in a round
 * @param trainingShare share of the training samples that are used, above 0 to 1
 * @param where it runs
 */
public record RunSettings(
    String preset,
    List<String> configuration,
    String partition,
    long seed,
    int rounds,
    int clients,
    int cohort,
    double learningRate,
    int batchSize,
    int epochs,
    double trainingShare,
    Where where)
    implements Settings {

  private static final int CURVE_ROUNDS = 5;
  private static final int COUNTED_PART = 10;

  public RunSettings {
    configuration = List.copyOf(configuration);
    if (rounds < 1) {
      throw new IllegalArgumentException("a run has at least 1 round, not " + rounds);
    }
  }

  @Override
  public String describe() {
    return "%s, %s, seed %d, %d rounds, %s".formatted(preset, partition, seed, rounds, where);
  }

  /**
   * Whether the model after so many rounds is measured: all of the last tenth, and each fifth
   * before them where curves are drawn.
   */
  boolean isMeasured(long round) {
    return counts(round) || trainingShare == 1 && round % CURVE_ROUNDS == 0;
  }

  /** Whether a round is in the last tenth, over which accuracy is averaged. */
  boolean counts(long round) {
    return round > rounds - Math.max(1, rounds / COUNTED_PART);
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment.scalefl;

import anabranch.bench.experiment.Settings;
import anabranch.bench.experiment.Where;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All that the result of a run depends on.
 *
 * @param method label of the method
 * @param configuration keys of {@code federation.yaml} that make the method, each {@code key=value}
 * @param modelSettings of the network, in the order of their names
 * @param partition notation of the split
 * @param seed of split, memories, initial weights, cohorts and order of batches
 * @param rounds completed rounds
 * @param clients simulated clients
 * @param cohort clients a round, fewer where fewer can train what the round trains
 * @param trainingSamples of the data set
 * @param trainingShare share of them that is used, above 0 to 1
 * @param learningRate of the clients
 * @param momentum of the clients
 * @param batchSize of the clients
 * @param epochs of a client in a round
 * @param where it runs
 */
public record ScaleflSettings(
    String method,
    List<String> configuration,
    Map<String, String> modelSettings,
    String partition,
    long seed,
    int rounds,
    int clients,
    int cohort,
    int trainingSamples,
    double trainingShare,
    double learningRate,
    double momentum,
    int batchSize,
    int epochs,
    Where where)
    implements Settings {

  private static final int CURVE_ROUNDS = 5;
  private static final int COUNTED_PART = 10;

  public ScaleflSettings {
    configuration = List.copyOf(configuration);
    modelSettings = Collections.unmodifiableMap(new TreeMap<>(modelSettings));
    if (rounds < 1) {
      throw new IllegalArgumentException("a run has at least 1 round, not " + rounds);
    }
  }

  @Override
  public String describe() {
    return "%s, %s, seed %d, %d rounds, learning rate %s, %s"
        .formatted(method, partition, seed, rounds, learningRate, where);
  }

  /**
   * Whether the model after so many rounds is measured: all of the last tenth, and where curves are
   * drawn every fifth before them, which comes after each of four stages in turn.
   */
  boolean isMeasured(long round) {
    return counts(round) || trainingShare == 1 && round % CURVE_ROUNDS == 0;
  }

  /** Whether a round is in the last tenth, over which accuracy is averaged. */
  boolean counts(long round) {
    return round > rounds - Math.max(1, rounds / COUNTED_PART);
  }
}

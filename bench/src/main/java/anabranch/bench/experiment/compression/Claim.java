// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment.compression;

import anabranch.bench.experiment.Comparison;
import java.util.List;
import java.util.Locale;

/**
 * Something that the experiment is to show on five seeds.
 *
 * @param text what is claimed
 * @param preset of which
 * @param than compared to which
 * @param kind how it is judged
 * @param points of the claim
 */
record Claim(String text, Preset preset, Preset than, Kind kind, double points) {

  enum Kind {
    /** The lower bound of the difference is above minus so many points. */
    AT_MOST_WORSE,
    /** The upper bound of the difference is below minus so many points. */
    AT_LEAST_WORSE,
    /** Better in every pair, and by so many points in the mean. */
    ALWAYS_BETTER,
    /** The difference is told and nothing demanded. */
    STATED
  }

  /** On how many seeds a claim rests. */
  static final int SEEDS = 5;

  /** Whether the pairs show it, in words. */
  String verdict(List<Double> differences) {
    if (differences.size() < SEEDS) {
      return "open: %d of %d seeds".formatted(differences.size(), SEEDS);
    }
    Comparison comparison = new Comparison(differences);
    boolean shown =
        switch (kind) {
          case AT_MOST_WORSE -> comparison.lowerBound() > -points;
          case AT_LEAST_WORSE -> comparison.upperBound() < -points;
          case ALWAYS_BETTER -> comparison.least() > 0 && comparison.mean() >= points;
          case STATED -> true;
        };
    String figures =
        String.format(
            Locale.ROOT,
            "%+.2f ± %.2f, with 95 %% confidence above %+.2f and below %+.2f, least %+.2f",
            comparison.mean(),
            comparison.deviation(),
            comparison.lowerBound(),
            comparison.upperBound(),
            comparison.least());
    return (kind == Kind.STATED ? "" : shown ? "**shown**: " : "**not shown**: ") + figures;
  }
}

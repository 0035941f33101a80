// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import java.io.Serializable;
import java.time.Duration;

/**
 * When a round ends and what counts.
 *
 * @param deadline time from the moment the plan becomes visible
 * @param quorum complete updates without which the round fails, at least 1
 * @param limit completed rounds after which the federation is finished, 0 for no limit
 * @param maxSamples the most that one update's weight counts
 * @param parts whether an update counts as a whole or part by part
 * @param late what happens to a late record
 * @param surplus what happens to a surplus record
 * @param duplicate what happens to a duplicate record
 * @param retry what follows a failed round
 */
public record RoundPolicy(
    Duration deadline,
    int quorum,
    long limit,
    long maxSamples,
    Parts parts,
    Unused late,
    Unused surplus,
    Unused duplicate,
    RetryPolicy retry)
    implements Serializable {

  /** How an update of several parts takes part. */
  public enum Parts {
    /** In all its segments or in none. Parts wait for the rest, bounded by {@code hold.budget}. */
    ATOMIC,
    /**
     * Each part on its own, as it comes; each segment divides by its own weight. What came of an
     * incomplete update counts, and its receipt is {@code EXPIRED} all the same: nothing for
     * clients that keep what compression left out.
     */
    INDEPENDENT
  }

  /** What happens to a sound record that is not used. */
  public enum Unused {
    /** It is counted in the ledger. */
    COUNT,
    /** It is counted, and a record on the rejected topic tells of it. */
    RECORD
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.client.train;

import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * Area under the ROC curve, exactly: the chance that a sample of class 1 scores above one of class
 * 0, ties counting half (the Mann–Whitney statistic, by midranks; Hanley and McNeil 1982).
 */
public final class RankAuc {

  /** A score's bits in rising order, so that one sort of longs carries the class along. */
  private final long[] samples;

  private int size;

  /**
   * @param capacity number of samples that will be added at most
   */
  public RankAuc(int capacity) {
    this.samples = new long[capacity];
  }

  /**
   * @param score finite; the higher, the more it speaks for class 1
   */
  public void add(float score, boolean positive) {
    if (!Float.isFinite(score)) {
      throw new IllegalArgumentException("a score must be finite, not " + score);
    }
    // Adding 0 makes -0 and 0 one score.
    int bits = Float.floatToIntBits(score + 0f);
    int rising = bits >= 0 ? bits : bits ^ Integer.MAX_VALUE;
    samples[size++] = ((long) rising << 1) | (positive ? 1 : 0);
  }

  /** The area, 0 to 1; empty when one of the classes has no sample. */
  public OptionalDouble area() {
    long[] sorted = Arrays.copyOf(samples, size);
    Arrays.sort(sorted);
    // In halves, so that a tie is a whole number.
    long wins = 0;
    long negatives = 0;
    long positives = 0;
    for (int from = 0; from < size; ) {
      int to = from;
      long tiedNegatives = 0;
      for (; to < size && sorted[to] >> 1 == sorted[from] >> 1; to++) {
        tiedNegatives += 1 - (sorted[to] & 1);
      }
      long tiedPositives = to - from - tiedNegatives;
      wins += tiedPositives * (2 * negatives + tiedNegatives);
      negatives += tiedNegatives;
      positives += tiedPositives;
      from = to;
    }
    return negatives == 0 || positives == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(wins / (2.0 * negatives * positives));
  }
}

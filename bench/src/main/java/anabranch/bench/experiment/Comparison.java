// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment;

import java.util.List;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;

/**
 * Differences of pairs: two methods that had the same split, initial weights, cohorts and order of
 * batches.
 *
 * @param differences of each pair, one or more
 */
public record Comparison(List<Double> differences) {

  private static final double CONFIDENCE = 0.95;

  public Comparison {
    if (differences.isEmpty()) {
      throw new IllegalArgumentException("nothing to compare: no seed was run with both methods");
    }
    differences = List.copyOf(differences);
  }

  public int pairs() {
    return differences.size();
  }

  public double mean() {
    return statistics(differences).getMean();
  }

  /** Standard deviation of the differences; NaN for one pair. */
  public double deviation() {
    return pairs() < 2 ? Double.NaN : statistics(differences).getStandardDeviation();
  }

  /**
   * What the mean difference is above with 95 % confidence: one-sided, Student's t with one degree
   * of freedom less than there are pairs. NaN for one pair.
   */
  public double lowerBound() {
    return mean() - margin();
  }

  /** What it is below with 95 % confidence. */
  public double upperBound() {
    return mean() + margin();
  }

  private double margin() {
    if (pairs() < 2) {
      return Double.NaN;
    }
    double t = new TDistribution(pairs() - 1.0).inverseCumulativeProbability(CONFIDENCE);
    return t * deviation() / Math.sqrt(pairs());
  }

  public double least() {
    return statistics(differences).getMin();
  }

  public static SummaryStatistics statistics(List<Double> values) {
    SummaryStatistics statistics = new SummaryStatistics();
    values.forEach(statistics::addValue);
    return statistics;
  }
}

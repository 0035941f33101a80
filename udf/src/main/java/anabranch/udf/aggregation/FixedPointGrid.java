// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.aggregation;

/**
 * The grid of 64-bit fixed-point numbers on which a round adds up, so that the sum does not depend
 * on the order of arrival. One unit is 2^q with
 *
 * <pre>q = E + F − 51 + max(0, bitLength(K) − 12)</pre>
 *
 * where |x| ≤ 2^E bounds every value, ω ≤ 2^F every weight, and K the number of contributions. A
 * product is at most 2^51 units before the last term, so K of them stay below 2^63.
 *
 * @param unitExponent q
 */
public record FixedPointGrid(int unitExponent) {

  /** Products are rounded to whole units by adding and taking away this number's bits. */
  static final double ROUND = 0x1.8p52;

  private static final int PRODUCT_BITS = 51;
  private static final int FREE_CONTRIBUTION_BITS = 12;

  /**
   * @param maxExponent E, every value satisfies |x| ≤ 2^E
   * @param maxWeight the largest weight, at least 1
   * @param maxContributions K, the most contributions that are ever added, at least 1
   */
  public static FixedPointGrid of(int maxExponent, long maxWeight, int maxContributions) {
    if (maxWeight < 1 || maxContributions < 1) {
      throw new IllegalArgumentException(
          "a grid needs a weight and a contribution, not %d and %d"
              .formatted(maxWeight, maxContributions));
    }
    int weightExponent = Long.SIZE - Long.numberOfLeadingZeros(maxWeight - 1);
    int contributionBits = Integer.SIZE - Integer.numberOfLeadingZeros(maxContributions);
    return new FixedPointGrid(
        maxExponent
            + weightExponent
            - PRODUCT_BITS
            + Math.max(0, contributionBits - FREE_CONTRIBUTION_BITS));
  }

  /** A weight in units: what a value is multiplied with before it is rounded. */
  public double scaledWeight(long weight) {
    return Math.scalb((double) weight, -unitExponent);
  }

  /** One unit as a number, 2^q: a sum of units times this is the sum. */
  public double unit() {
    return Math.scalb(1.0, unitExponent);
  }

  /** One product, rounded half to even to whole units. */
  public static long units(double scaledWeight, float value) {
    return Double.doubleToRawLongBits(scaledWeight * value + ROUND)
        - Double.doubleToRawLongBits(ROUND);
  }
}

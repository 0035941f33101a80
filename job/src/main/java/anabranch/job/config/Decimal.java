// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

import java.util.function.DoublePredicate;

/**
 * A finite number.
 *
 * @param range which finite numbers are allowed
 * @param allowed the range in words
 */
record Decimal(DoublePredicate range, String allowed) implements ValueType<Double> {

  static Decimal above(double low) {
    return new Decimal(x -> x > low, "a number above %s".formatted(low));
  }

  static Decimal atLeast(double low) {
    return new Decimal(x -> x >= low, "a number from %s".formatted(low));
  }

  static Decimal between(double low, double high) {
    return new Decimal(x -> x >= low && x <= high, "a number from %s to %s".formatted(low, high));
  }

  static Decimal fromToBelow(double low, double high) {
    return new Decimal(
        x -> x >= low && x < high, "a number from %s to below %s".formatted(low, high));
  }

  static Decimal aboveTo(double low, double high) {
    return new Decimal(
        x -> x > low && x <= high, "a number above %s, at most %s".formatted(low, high));
  }

  @Override
  public Double parse(String text) {
    double value = Double.parseDouble(text);
    if (!Double.isFinite(value) || !range.test(value)) {
      throw new IllegalArgumentException(text);
    }
    return value;
  }
}

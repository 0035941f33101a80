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

  static Decimal above(int low) {
    return new Decimal(x -> x > low, "a number above %d".formatted(low));
  }

  static Decimal atLeast(int low) {
    return new Decimal(x -> x >= low, "a number from %d".formatted(low));
  }

  static Decimal between(int low, int high) {
    return new Decimal(x -> x >= low && x <= high, "a number from %d to %d".formatted(low, high));
  }

  static Decimal fromToBelow(int low, int high) {
    return new Decimal(
        x -> x >= low && x < high, "a number from %d to below %d".formatted(low, high));
  }

  static Decimal aboveTo(int low, int high) {
    return new Decimal(
        x -> x > low && x <= high, "a number above %d, at most %d".formatted(low, high));
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

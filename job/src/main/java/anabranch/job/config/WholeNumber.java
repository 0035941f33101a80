// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

/** A whole number, both ends included. */
record WholeNumber(long low, long high) implements ValueType<Long> {

  @Override
  public Long parse(String text) {
    long value = Long.parseLong(text);
    if (value < low || value > high) {
      throw new IllegalArgumentException(text);
    }
    return value;
  }

  @Override
  public String allowed() {
    if (high < Long.MAX_VALUE) {
      return "a whole number from %d to %d".formatted(low, high);
    }
    return low == Long.MIN_VALUE
        ? "a whole number of 64 bits"
        : "a whole number from %d".formatted(low);
  }
}

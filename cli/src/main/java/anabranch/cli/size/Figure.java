// SPDX-License-Identifier: Apache-2.0
package anabranch.cli.size;

/**
 * One number of a size.
 *
 * @param key in JSON
 * @param label for people
 * @param value in the unit
 * @param unit of the value
 * @param formula in the symbols of {@code docs/size.md}
 */
public record Figure(String key, String label, double value, Unit unit, String formula) {

  /** What a number counts, and how people read it. */
  public enum Unit {
    BYTES,
    BYTES_PER_SECOND,
    SECONDS,
    COUNT
  }

  private static final String[] PREFIXES = {"", "k", "M", "G", "T", "P", "E"};
  private static final int THOUSAND = 1_000;

  static Figure bytes(String key, String label, double value, String formula) {
    return new Figure(key, label, value, Unit.BYTES, formula);
  }

  static Figure count(String key, String label, double value, String formula) {
    return new Figure(key, label, value, Unit.COUNT, formula);
  }

  /** The value with three digits and its unit. */
  public String text() {
    return switch (unit) {
      case BYTES -> scaled() + "B";
      case BYTES_PER_SECOND -> scaled() + "B/s";
      case SECONDS -> "%.1f s".formatted(value);
      case COUNT -> "%,d".formatted(Math.round(value));
    };
  }

  private String scaled() {
    int prefix = 0;
    double shown = value;
    // What would be rounded to four digits takes the next prefix.
    while (shown >= THOUSAND - 0.5 && prefix < PREFIXES.length - 1) {
      shown /= THOUSAND;
      prefix++;
    }
    int decimals = prefix == 0 || shown >= 100 ? 0 : shown >= 10 ? 1 : 2;
    return ("%." + decimals + "f %s").formatted(shown, PREFIXES[prefix]);
  }
}

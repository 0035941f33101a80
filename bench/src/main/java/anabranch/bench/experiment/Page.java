// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment;

import java.util.Locale;

/** A Markdown page that is written line by line. Numbers look the same in every locale. */
public final class Page {

  /** What stands in a table where there is nothing. */
  public static final String NOTHING = "–";

  private final StringBuilder text = new StringBuilder();

  /** Adds a line, as {@link String#format} makes it. */
  public void line(String form, Object... arguments) {
    text.append(format(form, arguments)).append('\n');
  }

  /** Adds an empty line. */
  public void space() {
    text.append('\n');
  }

  public static String format(String form, Object... arguments) {
    return String.format(Locale.ROOT, form, arguments);
  }

  /**
   * A mean, with its standard deviation where there are several values.
   *
   * @param form of the mean
   */
  public static String plusMinus(String form, double mean, long count, double deviation) {
    return format(form, mean) + (count > 1 ? format(" ± %.2f", deviation) : "");
  }

  @Override
  public String toString() {
    return text.toString();
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.round;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A federation whose rounds are timed.
 *
 * @param clients that all take part in every round
 * @param parameters of the model, which travels as dense float32
 */
public record RoundCase(int clients, int parameters) {

  private static final Pattern FORM = Pattern.compile("([1-9]\\d{0,4})x([1-9]\\d{0,8})");

  /**
   * @param text clients and parameters, such as {@code 8x21797672}
   * @throws IllegalArgumentException if it is not of that form
   */
  public static RoundCase parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "case '%s' is not of the form CLIENTSxPARAMETERS, such as 2x100".formatted(text));
    }
    return new RoundCase(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
  }
}

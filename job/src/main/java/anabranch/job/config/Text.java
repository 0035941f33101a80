// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

import java.util.regex.Pattern;

/**
 * Text of a certain form.
 *
 * @param form a regular expression that the whole text matches
 * @param allowed the form in words
 */
record Text(Pattern form, String allowed) implements ValueType<String> {

  static Text of(String form, String allowed) {
    return new Text(Pattern.compile(form), allowed);
  }

  @Override
  public String parse(String text) {
    if (!form.matcher(text).matches()) {
      throw new IllegalArgumentException(text);
    }
    return text;
  }
}

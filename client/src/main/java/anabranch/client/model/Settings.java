// SPDX-License-Identifier: Apache-2.0
package anabranch.client.model;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Settings of one architecture, read as numbers.
 *
 * @param label of the architecture, for messages
 * @param values of all its settings
 */
record Settings(String label, Map<String, String> values) {

  int number(String key) {
    return parse(key, values.get(key), "a number of at least 1");
  }

  List<Integer> numbers(String key) {
    return Arrays.stream(values.get(key).split(",", -1))
        .map(part -> parse(key, part, "numbers of at least 1 with commas between them"))
        .toList();
  }

  private int parse(String key, String text, String expected) {
    try {
      int number = Integer.parseInt(text.trim());
      if (number >= 1) {
        return number;
      }
    } catch (NumberFormatException e) {
      // The message below names the value.
    }
    throw new IllegalArgumentException(
        "setting '%s' of %s must be %s, not '%s'".formatted(key, label, expected, values.get(key)));
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.client.model;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Settings of one architecture, read as what they mean.
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

  /** As {@link #numbers}, or none if the setting is empty. */
  List<Integer> numbersIfAny(String key) {
    return values.get(key).isBlank() ? List.of() : numbers(key);
  }

  /**
   * The setting {@code cuts}: after which of the units of a network a new stage begins.
   *
   * @param units that there are
   * @param what a unit is, for messages
   */
  List<Integer> cuts(int units, String what) {
    List<Integer> cuts = numbersIfAny("cuts");
    int before = 0;
    for (int cut : cuts) {
      if (cut <= before || cut >= units) {
        throw refused(
            "cuts",
            "rising numbers from 1 to %d, there are %d %s".formatted(units - 1, units, what));
      }
      before = cut;
    }
    return cuts;
  }

  boolean flag(String key) {
    return choice(key, "true", "false").equals("true");
  }

  String choice(String key, String... allowed) {
    String value = values.get(key).trim();
    if (!List.of(allowed).contains(value)) {
      throw refused(key, String.join(" or ", allowed));
    }
    return value;
  }

  /**
   * @param expected what the setting must be
   * @return to be thrown
   */
  IllegalArgumentException refused(String key, String expected) {
    return new IllegalArgumentException(
        "setting '%s' of %s must be %s, not '%s'".formatted(key, label, expected, values.get(key)));
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
    throw refused(key, expected);
  }
}

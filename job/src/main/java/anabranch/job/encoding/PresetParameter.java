// SPDX-License-Identifier: Apache-2.0
package anabranch.job.encoding;

import java.util.List;

/**
 * What stands in the parentheses behind a preset's name.
 *
 * @param <T> what it becomes
 */
sealed interface PresetParameter<T> {

  /** Its name in the preset's signature. */
  String name();

  /** What it is when it is left out, or null when it must be given. */
  T fallback();

  /**
   * @throws IllegalArgumentException saying what is allowed
   */
  T parse(String text);

  /** The parameter in a signature: optional ones stand in brackets. */
  default String signature() {
    return fallback() == null ? name() : "[" + name() + "]";
  }

  /** A share of the elements above 0 and below 1, as a decimal or a fraction such as 1/100. */
  record Share() implements PresetParameter<Double> {

    @Override
    public String name() {
      return "share";
    }

    @Override
    public Double fallback() {
      return null;
    }

    @Override
    public Double parse(String text) {
      int slash = text.indexOf('/');
      double share =
          slash < 0
              ? Double.parseDouble(text)
              : Double.parseDouble(text.substring(0, slash))
                  / Double.parseDouble(text.substring(slash + 1));
      if (!(share > 0 && share < 1)) {
        throw new IllegalArgumentException("share is above 0 and below 1, as 0.01 or 1/100");
      }
      return share;
    }
  }

  /**
   * A whole number.
   *
   * @param least allowed
   * @param most allowed
   */
  record Whole(String name, int least, int most) implements PresetParameter<Integer> {

    @Override
    public Integer fallback() {
      return null;
    }

    @Override
    public Integer parse(String text) {
      int number = Integer.parseInt(text);
      if (number < least || number > most) {
        throw new IllegalArgumentException("%s is %d to %d".formatted(name, least, most));
      }
      return number;
    }
  }

  /**
   * One of a few words, the first where it is left out.
   *
   * @param words at least one
   */
  record Word(List<String> words) implements PresetParameter<String> {

    @Override
    public String name() {
      return String.join("|", words);
    }

    @Override
    public String fallback() {
      return words.get(0);
    }

    @Override
    public String parse(String text) {
      if (!words.contains(text)) {
        throw new IllegalArgumentException("one of " + String.join(", ", words));
      }
      return text;
    }
  }
}

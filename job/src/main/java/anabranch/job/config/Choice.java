// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** One of a closed set of words: the names of an enum in kebab case. */
record Choice<E extends Enum<E>>(Class<E> type) implements ValueType<E> {

  @Override
  public E parse(String text) {
    for (E constant : type.getEnumConstants()) {
      if (word(constant).equals(text)) {
        return constant;
      }
    }
    throw new IllegalArgumentException(text);
  }

  @Override
  public String allowed() {
    List<String> words = Arrays.stream(type.getEnumConstants()).map(Choice::word).toList();
    int last = words.size() - 1;
    return String.join(", ", words.subList(0, last)) + " or " + words.get(last);
  }

  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

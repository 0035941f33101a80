// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

import java.util.Optional;

/**
 * A value, or a word that leaves it open, which becomes empty.
 *
 * @param word {@code auto} or {@code none}
 * @param type of the value
 */
record OrWord<T>(String word, ValueType<T> type) implements ValueType<Optional<T>> {

  @Override
  public Optional<T> parse(String text) {
    return text.equals(word) ? Optional.empty() : Optional.of(type.parse(text));
  }

  @Override
  public String allowed() {
    return "%s or %s".formatted(word, type.allowed());
  }
}

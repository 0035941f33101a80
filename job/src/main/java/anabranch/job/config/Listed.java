// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

import java.util.List;
import java.util.stream.Stream;

/**
 * One value or several, with commas between them.
 *
 * @param type of each
 */
record Listed<T>(ValueType<T> type) implements ValueType<List<T>> {

  @Override
  public List<T> parse(String text) {
    // With the limit −1 an empty place behind the last comma counts and is refused.
    return Stream.of(text.split(",", -1)).map(part -> type.parse(part.strip())).toList();
  }

  @Override
  public String allowed() {
    return type.allowed() + ", or several with commas between them";
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a round's report tells people. */
final class Notes {

  private Notes() {}

  /** All that is to be told, in order; what is empty is left out. */
  static String join(String... notes) {
    return Stream.of(notes).filter(note -> !note.isEmpty()).collect(Collectors.joining("; "));
  }
}

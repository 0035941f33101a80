// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

/**
 * What may stand after a key.
 *
 * @param <T> what it becomes
 */
sealed interface ValueType<T>
    permits Choice,
        Decimal,
        DurationRange,
        Listed,
        OrWord,
        Preset,
        SizeRange,
        Text,
        TextMap,
        Toggle,
        WholeNumber {

  /**
   * @param text a scalar as written, never null
   * @throws IllegalArgumentException if it is not allowed; its message is not shown to anybody
   */
  T parse(String text);

  /** What is allowed, to follow the words "allowed is". */
  String allowed();
}

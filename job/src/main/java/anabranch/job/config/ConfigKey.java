// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

/**
 * A row of the table of keys.
 *
 * @param path dotted, in kebab case
 * @param type what may stand there
 * @param fallback what holds when nothing stands there
 * @param unit of the value, empty if it has none
 * @param reason what the key does and why one would change it; one or two sentences of Markdown
 */
record ConfigKey<T>(String path, ValueType<T> type, Fallback fallback, String unit, String reason) {

  /** What holds when a key is not given. */
  sealed interface Fallback {

    /** Nothing: the key must be given. */
    record Required() implements Fallback {}

    /** A value, written as in a file. */
    record Value(String text) implements Fallback {}

    /** The value of another key of the same type. */
    record SameAs(ConfigKey<?> key) implements Fallback {}
  }

  boolean isMap() {
    return type instanceof TextMap;
  }
}

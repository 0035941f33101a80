// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

import anabranch.job.config.ConfigKey.Fallback;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A group of keys in the order in which they were made, which is that of the documentation. */
final class KeyTable {

  private final List<ConfigKey<?>> keys = new ArrayList<>();

  List<ConfigKey<?>> keys() {
    return Collections.unmodifiableList(keys);
  }

  <T> ConfigKey<T> key(
      String path, ValueType<T> type, String fallback, String unit, String reason) {
    return add(new ConfigKey<>(path, type, new Fallback.Value(fallback), unit, reason));
  }

  <T> ConfigKey<T> key(String path, ValueType<T> type, String fallback, String reason) {
    return key(path, type, fallback, "", reason);
  }

  <T> ConfigKey<T> required(String path, ValueType<T> type, String reason) {
    return add(new ConfigKey<>(path, type, new Fallback.Required(), "", reason));
  }

  <T> ConfigKey<T> sameAs(ConfigKey<T> other, String path, String unit, String reason) {
    return add(new ConfigKey<>(path, other.type(), new Fallback.SameAs(other), unit, reason));
  }

  private <T> ConfigKey<T> add(ConfigKey<T> key) {
    keys.add(key);
    return key;
  }
}

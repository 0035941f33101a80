// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

import anabranch.job.config.ConfigKey.Fallback;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** The values of all keys, given or by default. A key whose value is wrong has none. */
final class ConfigValues {

  private final Map<String, ConfigEntry> given;
  private final Map<String, Object> values = new HashMap<>();
  private final ConfigErrors errors;

  /**
   * @param given entries by path
   * @param errors takes every value that is not allowed and every path that is no key
   */
  ConfigValues(Map<String, ConfigEntry> given, ConfigErrors errors) {
    this.given = new TreeMap<>(given);
    this.errors = errors;
    refuseUnknown();
    for (ConfigKey<?> key : ConfigKeys.all()) {
      Object value = key.isMap() ? entriesBelow(key) : parse(key, key);
      if (value != null) {
        values.put(key.path(), value);
      }
    }
  }

  /** The value of a key that {@link #has} one. */
  <T> T get(ConfigKey<T> key) {
    @SuppressWarnings("unchecked") // each value was made by its key's own type
    T value = (T) values.get(key.path());
    if (value == null) {
      throw new IllegalStateException(key.path() + " has no sound value");
    }
    return value;
  }

  /** Whether all of these keys have a value, so that they can be compared. */
  boolean has(ConfigKey<?>... keys) {
    for (ConfigKey<?> key : keys) {
      if (!values.containsKey(key.path())) {
        return false;
      }
    }
    return true;
  }

  /** Whether a key stands in the file or was set, be it right or wrong. */
  boolean isGiven(ConfigKey<?> key) {
    return given.containsKey(key.path());
  }

  /** Where the value of a path comes from: {@code line 7}, {@code --set}, {@code default}. */
  String origin(String path) {
    ConfigEntry entry = given.get(path);
    return entry == null ? "default" : entry.origin();
  }

  /** The value of a key as it is written in a file. */
  String text(ConfigKey<?> key) {
    ConfigEntry entry = given.get(key.path());
    if (entry != null) {
      return entry.text();
    }
    if (key.fallback() instanceof Fallback.SameAs same) {
      return text(same.key());
    }
    return key.fallback() instanceof Fallback.Value value ? value.text() : "";
  }

  /** What a key is by the entry of another key, which is itself or the one it falls back to. */
  private Object parse(ConfigKey<?> key, ConfigKey<?> source) {
    ConfigEntry entry = given.get(source.path());
    if (entry != null) {
      return parse(source, entry, key == source);
    }
    if (source.fallback() instanceof Fallback.SameAs same) {
      return parse(key, same.key());
    }
    if (source.fallback() instanceof Fallback.Value value) {
      return source.type().parse(value.text());
    }
    if (!errors.concern(source.path())) {
      errors.add(source.path(), "", "is missing; allowed is " + source.type().allowed());
    }
    return null;
  }

  private Object parse(ConfigKey<?> key, ConfigEntry entry, boolean report) {
    try {
      if (entry.text() != null) {
        return key.type().parse(entry.text());
      }
    } catch (IllegalArgumentException e) {
      // Every value that is not allowed is reported below in the same words.
    }
    if (report) {
      String found = entry.text() == null ? "nothing" : "'%s'".formatted(entry.text());
      errors.add(entry, "found %s, allowed is %s".formatted(found, key.type().allowed()));
    }
    return null;
  }

  private Map<String, String> entriesBelow(ConfigKey<?> key) {
    String prefix = key.path() + ".";
    Map<String, String> below = new TreeMap<>();
    given.forEach(
        (path, entry) -> {
          if (path.startsWith(prefix)) {
            if (entry.text() == null) {
              errors.add(entry, "found nothing, allowed is a text");
            } else {
              below.put(path.substring(prefix.length()), entry.text());
            }
          }
        });
    return below;
  }

  private void refuseUnknown() {
    for (ConfigEntry entry : given.values()) {
      UnknownKey.problem(entry).ifPresent(problem -> errors.add(entry, problem));
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

import java.util.ArrayList;
import java.util.List;

/** Collects all errors of a configuration, so that a person can mend them in one go. */
final class ConfigErrors {

  private final List<ConfigError> errors = new ArrayList<>();

  void add(String path, String origin, String problem) {
    errors.add(new ConfigError(path, origin, problem));
  }

  void add(ConfigEntry entry, String problem) {
    add(entry.path(), entry.origin(), problem);
  }

  boolean concern(String path) {
    return errors.stream().anyMatch(error -> error.path().equals(path));
  }

  void throwIfAny(String source) throws ConfigException {
    if (!errors.isEmpty()) {
      throw new ConfigException(source, errors);
    }
  }
}

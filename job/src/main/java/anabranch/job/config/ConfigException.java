// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used. The message has one line for every error. */
public final class ConfigException extends Exception {

  private final transient List<ConfigError> errors;

  ConfigException(String source, List<ConfigError> errors) {
    super(describe(source, errors));
    this.errors = List.copyOf(errors);
  }

  /** All errors, at least one. */
  public List<ConfigError> errors() {
    return errors;
  }

  private static String describe(String source, List<ConfigError> errors) {
    return errors.stream()
        .map(error -> "\n  " + error)
        .collect(
            Collectors.joining(
                "",
                "%s: %d %s"
                    .formatted(source, errors.size(), errors.size() == 1 ? "error" : "errors"),
                ""));
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Configurations of tests: settings or YAML on top of the two keys that every file needs. */
final class Configurations {

  private static final List<String> REQUIRED =
      List.of("federation=mnist", "kafka.bootstrap-servers=localhost:9092");

  private Configurations() {}

  /** What the required keys and these settings make. */
  static FederationConfig with(String... settings) throws ConfigException {
    return FederationConfigLoader.load(null, onRequired(settings));
  }

  /** Paths of the errors that these settings make, in their order. */
  static List<String> wrongPaths(String... settings) {
    return errors(() -> with(settings)).stream().map(ConfigError::path).toList();
  }

  /** The single error that these settings make, as text. */
  static String error(String... settings) {
    return single(errors(() -> with(settings)));
  }

  /** The single error that a file makes, as text. */
  static String fileError(Path file, String yaml) {
    return single(errors(() -> FederationConfigLoader.load(write(file, yaml))));
  }

  static List<ConfigError> errors(Loading loading) {
    ConfigException thrown = catchThrowableOfType(ConfigException.class, loading::load);
    assertThat(thrown).as("the configuration is refused").isNotNull();
    return thrown.errors();
  }

  static Path write(Path file, String yaml) {
    try {
      return Files.writeString(file, yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> onRequired(String... settings) {
    return Stream.concat(REQUIRED.stream(), Arrays.stream(settings)).toList();
  }

  private static String single(List<ConfigError> errors) {
    assertThat(errors).hasSize(1);
    return errors.get(0).toString();
  }

  /** Something that loads a configuration. */
  interface Loading {
    void load() throws ConfigException;
  }
}

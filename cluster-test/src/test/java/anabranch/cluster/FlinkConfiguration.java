// SPDX-License-Identifier: Apache-2.0
package anabranch.cluster;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The configuration that users and containers get, with what must differ in a test.
 *
 * @param values by their dotted keys
 */
record FlinkConfiguration(Map<String, String> values) {

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final String FILE = "config.yaml";
  private static final List<String> LOGGING =
      List.of("log4j-console.properties", "log4j-cli.properties");

  /** That of {@code deploy/flink}. */
  static FlinkConfiguration deployed() throws IOException {
    return read(Repository.ROOT.resolve("deploy/flink"));
  }

  /**
   * @param conf folder of the file
   */
  static FlinkConfiguration read(Path conf) throws IOException {
    return new FlinkConfiguration(
        YAML.readValue(
            conf.resolve(FILE).toFile(), new TypeReference<LinkedHashMap<String, String>>() {}));
  }

  Optional<String> get(String key) {
    return Optional.ofNullable(values.get(key));
  }

  /** The same with other values for some keys. */
  FlinkConfiguration with(Map<String, String> others) {
    Map<String, String> all = new LinkedHashMap<>(values);
    all.putAll(others);
    return new FlinkConfiguration(all);
  }

  /** Writes a folder that Flink's processes can be started with, and returns it. */
  Path write(Path conf) throws IOException {
    Files.createDirectories(conf);
    YAML.writeValue(conf.resolve(FILE).toFile(), values);
    for (String file : LOGGING) {
      try (InputStream resource =
          FlinkConfiguration.class.getResourceAsStream("/flink-conf/" + file)) {
        Files.write(conf.resolve(file), resource.readAllBytes());
      }
    }
    return conf;
  }
}

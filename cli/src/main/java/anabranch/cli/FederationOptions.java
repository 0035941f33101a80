// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import anabranch.client.topic.KafkaConnection;
import anabranch.job.config.ConfigException;
import anabranch.job.config.EffectiveValue;
import anabranch.job.config.FederationConfig;
import anabranch.job.config.FederationConfigLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Which federation a command is about. */
final class FederationOptions {

  private static final Path DEFAULT_FILE = Path.of("federation.yaml");
  private static final List<String> MADE_UP =
      List.of("federation=any", "kafka.bootstrap-servers=localhost:9092");

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description =
          "the federation's configuration; by default federation.yaml in the working directory, if"
              + " there is one")
  private Path file;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "sets a key, over the file's; may be repeated")
  private List<String> settings = List.of();

  /** Takes a file that was named without the option; null changes nothing. */
  FederationOptions at(Path named) {
    file = named == null ? file : named;
    return this;
  }

  /**
   * @throws ConfigException if the configuration is not sound; its message lists every error
   */
  FederationConfig load() throws ConfigException {
    return FederationConfigLoader.load(file(), settings);
  }

  /**
   * The same for a command that need not reach the federation: without a file one that has the
   * defaults will do.
   *
   * @param more settings, over all others
   * @throws ConfigException if the configuration is not sound; its message lists every error
   */
  FederationConfig loadOrDefaults(List<String> more) throws ConfigException {
    boolean isFile = file != null || Files.exists(DEFAULT_FILE);
    List<String> all = new ArrayList<>(isFile ? List.of() : MADE_UP);
    all.addAll(settings);
    all.addAll(more);
    return FederationConfigLoader.load(isFile ? file() : null, all);
  }

  /** Every key with its value. */
  List<EffectiveValue> effective() throws ConfigException {
    return FederationConfigLoader.effective(file(), settings);
  }

  /** How clients and tools reach the configuration's cluster. */
  static KafkaConnection connection(FederationConfig config) {
    return new KafkaConnection(config.kafka().bootstrapServers(), config.kafka().properties());
  }

  /** What the configuration is read from, for people. */
  String source() {
    return file() == null ? "configuration" : file().toString();
  }

  private Path file() {
    if (file != null) {
      return file;
    }
    return settings.isEmpty() || Files.exists(DEFAULT_FILE) ? DEFAULT_FILE : null;
  }
}

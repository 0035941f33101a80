// SPDX-License-Identifier: Apache-2.0
package anabranch.kafka.broker;

import java.nio.file.Path;
import java.util.Map;

/**
 * Where a local broker listens and keeps its data.
 *
 * @param port TCP port on localhost, 0 for a free one
 * @param directory of topics and metadata, created when missing and kept after the end; null for a
 *     fresh temporary one that is deleted at the end
 * @param properties of the broker, in place of those that it would have
 */
public record LocalBrokerSettings(int port, Path directory, Map<String, String> properties) {

  public LocalBrokerSettings {
    properties = Map.copyOf(properties);
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException(
          "the broker's port is %d, it must be 0 (a free one) to 65535".formatted(port));
    }
  }

  /** A free port, and data that vanish with the broker. */
  public static LocalBrokerSettings temporary() {
    return new LocalBrokerSettings(0, null, Map.of());
  }

  /**
   * A free port, and data that stay: a later broker with the same directory has the same topics.
   */
  public static LocalBrokerSettings keptIn(Path directory) {
    return new LocalBrokerSettings(0, directory, Map.of());
  }

  /** The same on this port. */
  public LocalBrokerSettings withPort(int port) {
    return new LocalBrokerSettings(port, directory, properties);
  }

  /** The same with properties of Kafka's own, such as limits that are to be met with. */
  public LocalBrokerSettings withProperties(Map<String, String> properties) {
    return new LocalBrokerSettings(port, directory, properties);
  }
}

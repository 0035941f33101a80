// SPDX-License-Identifier: Apache-2.0
package anabranch.kafka.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.common.utils.Utils;

/**
 * Where a broker's data lie.
 *
 * @param path absolute, of a directory that exists
 * @param temporary whether it goes with the broker
 */
record DataDirectory(Path path, boolean temporary) {

  /** The directory of the settings, or a fresh temporary one. */
  static DataDirectory open(LocalBrokerSettings settings) {
    Path wanted = settings.directory();
    try {
      return wanted == null
          ? new DataDirectory(Files.createTempDirectory("anabranch-broker-").toAbsolutePath(), true)
          : new DataDirectory(Files.createDirectories(wanted).toAbsolutePath(), false);
    } catch (IOException e) {
      throw new BrokerStartException(
          "the broker's data directory %s cannot be created: %s"
              .formatted(wanted == null ? "in java.io.tmpdir" : wanted, e),
          e);
    }
  }

  /** Call it when no broker uses the directory any more. */
  void deleteIfTemporary() {
    if (temporary) {
      try {
        Utils.delete(path.toFile());
      } catch (IOException e) {
        throw new UncheckedIOException("the broker's data in " + path + " stay", e);
      }
    }
  }
}

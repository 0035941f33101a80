// SPDX-License-Identifier: Apache-2.0
package anabranch.kafka.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;

/**
 * Keeps a second broker out of a data directory. Kafka has a lock of its own, but a broker that is
 * its own controller takes it when it has already opened the log of the metadata, and may end the
 * JVM over what it finds there.
 */
final class DirectoryLock implements AutoCloseable {

  private static final String FILE = "anabranch.lock";

  /**
   * Directories that this JVM has locked. A lock file that is here must not be opened once more: on
   * Linux to close any channel of a file ends all locks that the process has on it.
   */
  private static final Set<Path> HELD = new HashSet<>();

  private final Path directory;
  private final FileChannel channel;

  private DirectoryLock(Path directory, FileChannel channel) {
    this.directory = directory;
    this.channel = channel;
  }

  /**
   * @throws BrokerStartException if another broker has it, in this process or in another one
   */
  static DirectoryLock acquire(Path directory) {
    synchronized (HELD) {
      try {
        Path real = directory.toRealPath();
        if (!HELD.contains(real)) {
          FileChannel channel =
              FileChannel.open(
                  real.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          if (channel.tryLock() != null) {
            HELD.add(real);
            return new DirectoryLock(real, channel);
          }
          channel.close();
        }
      } catch (IOException e) {
        throw new BrokerStartException(
            "the data directory %s cannot be locked: %s".formatted(directory, e), e);
      }
    }
    throw new BrokerStartException(
        "another broker has the lock of the data directory %s: stop it or choose another directory"
            .formatted(directory));
  }

  @Override
  public void close() {
    synchronized (HELD) {
      HELD.remove(directory);
      try {
        channel.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}

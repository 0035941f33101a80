// SPDX-License-Identifier: Apache-2.0
package anabranch.kafka.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps a second broker out of a data directory. Kafka has a lock of its own, but a broker that is
 * its own controller takes it when it has already opened the log of the metadata, and may end the
 * JVM over what it finds there.
 */
final class DirectoryLock implements AutoCloseable {

  private static final String FILE = "anabranch.lock";

  private final FileChannel channel;

  private DirectoryLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * @throws BrokerStartException if another broker has it, in this process or in another one
   */
  static DirectoryLock acquire(Path directory) {
    Path file = directory.resolve(FILE);
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!isLocked(channel)) {
        channel.close();
        throw new BrokerStartException(
            ("another broker has the lock of the data directory %s: stop it or choose another"
                    + " directory")
                .formatted(directory));
      }
      return new DirectoryLock(channel);
    } catch (IOException e) {
      throw new BrokerStartException("the lock %s cannot be taken: %s".formatted(file, e), e);
    }
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

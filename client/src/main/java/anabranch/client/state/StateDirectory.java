// SPDX-License-Identifier: Apache-2.0
package anabranch.client.state;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/**
 * The files of one client's state. Everything that is written is on the disk when the method
 * returns, and a crash at any moment leaves the state before or the state after.
 */
final class StateDirectory implements VectorShelf, AutoCloseable {

  private static final String STATE = "state.json";
  private static final String RECORDS = "update-*.records";
  private static final String VECTORS = "residual-*.f32";
  private static final int CHUNK_BYTES = 1 << 16;
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /**
   * A written file of records.
   *
   * @param file its name
   * @param lengths of the records, in bytes
   * @param crc32c checksum of the whole file
   */
  record Written(String file, List<Integer> lengths, long crc32c) {

    /** For a state that has no files. */
    static final Written NOWHERE = new Written("", List.of(), 0);
  }

  private final Path directory;
  private final FileChannel lock;

  private StateDirectory(Path directory, FileChannel lock) {
    this.directory = directory;
    this.lock = lock;
  }

  /**
   * Creates the directory if it is not there, and locks it.
   *
   * @throws StateException if it cannot be written or another client has it
   */
  static StateDirectory open(Path directory) {
    try {
      Files.createDirectories(directory);
      FileChannel lock =
          FileChannel.open(
              directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!tryLock(lock)) {
        lock.close();
        throw new StateException(
            ("the state in %s is used by a client that runs now: stop that one, or give this one a"
                    + " directory of its own")
                .formatted(directory));
      }
      return new StateDirectory(directory, lock);
    } catch (IOException e) {
      throw new StateException(
          "the directory %s for the client's state cannot be used (%s): choose one that can be written"
              .formatted(directory, e),
          e);
    }
  }

  private static boolean tryLock(FileChannel lock) throws IOException {
    try {
      return lock.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  Path path() {
    return directory;
  }

  /**
   * @return empty when there is none yet
   * @throws StateException if it cannot be understood
   */
  Optional<StoredState> read() {
    Path file = directory.resolve(STATE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      JsonNode tree = JSON.readTree(file.toFile());
      if (!tree.isObject()) {
        throw damaged(file, "it is no JSON object");
      }
      int format = tree.path("format").asInt();
      if (format > StoredState.FORMAT) {
        throw new StateException(
            "%s has format %d, this program knows %d: use the newer program that wrote it"
                .formatted(file, format, StoredState.FORMAT));
      }
      return Optional.of(JSON.treeToValue(tree, StoredState.class));
    } catch (IOException e) {
      throw damaged(file, e.getMessage().lines().findFirst().orElse(""));
    }
  }

  /** Replaces the state. */
  void write(StoredState state) {
    Path next = directory.resolve(STATE + ".next");
    try {
      try (FileChannel channel =
          FileChannel.open(
              next,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(JSON.writeValueAsBytes(state));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(
          next,
          directory.resolve(STATE),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
      syncDirectory();
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /**
   * Writes records one behind the other, taking one at a time from the iterator.
   *
   * @param planId names the file
   */
  Written writeRecords(long planId, Iterator<byte[]> records) {
    Path file = directory.resolve("update-%016x.records".formatted(planId));
    CRC32C checksum = new CRC32C();
    List<Integer> lengths = new ArrayList<>();
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      OutputStream out =
          new CheckedOutputStream(
              new BufferedOutputStream(Channels.newOutputStream(channel)), checksum);
      while (records.hasNext()) {
        byte[] record = records.next();
        out.write(record);
        lengths.add(record.length);
      }
      out.flush();
      channel.force(true);
      return new Written(file.getFileName().toString(), lengths, checksum.getValue());
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /**
   * The records of an update that was written earlier.
   *
   * @throws StateException if they are not what was written
   */
  EncodedParts readRecords(StoredState.StoredUpdate update) {
    Path file = directory.resolve(Path.of(update.file()).getFileName());
    CRC32C checksum = new CRC32C();
    long length;
    try (InputStream in = new CheckedInputStream(Files.newInputStream(file), checksum)) {
      length = in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw damaged(file, e.toString());
    }
    long expected = update.lengths().stream().mapToLong(Integer::longValue).sum();
    if (length != expected || checksum.getValue() != update.crc32c()) {
      throw damaged(
          file,
          "%d bytes with checksum %x, written were %d with %x"
              .formatted(length, checksum.getValue(), expected, update.crc32c()));
    }
    return new EncodedParts.InFile(file, update.lengths());
  }

  /**
   * Deletes all files of records but one.
   *
   * @param kept its name, null when none is kept
   */
  void deleteRecordsExcept(String kept) {
    deleteExcept(RECORDS, kept == null ? Set.of() : Set.of(kept));
  }

  private void deleteExcept(String pattern, Set<String> kept) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, pattern)) {
      for (Path file : files) {
        if (!kept.contains(file.getFileName().toString())) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  @Override
  public long writeVector(String name, float[] vector) {
    CRC32C checksum = new CRC32C();
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    try (FileChannel channel =
        FileChannel.open(
            directory.resolve(name),
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      for (int from = 0; from < vector.length; from += CHUNK_BYTES / Float.BYTES) {
        int length = Math.min(CHUNK_BYTES / Float.BYTES, vector.length - from);
        chunk.clear().limit(length * Float.BYTES);
        chunk.asFloatBuffer().put(vector, from, length);
        checksum.update(chunk.duplicate());
        while (chunk.hasRemaining()) {
          channel.write(chunk);
        }
      }
      channel.force(true);
      return checksum.getValue();
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  @Override
  public float[] readVector(String name, int length, long crc32c) {
    Path file = directory.resolve(Path.of(name).getFileName());
    CRC32C checksum = new CRC32C();
    float[] vector = new float[length];
    byte[] chunk = new byte[CHUNK_BYTES];
    try (InputStream in = new CheckedInputStream(Files.newInputStream(file), checksum)) {
      for (int from = 0; from < length; from += CHUNK_BYTES / Float.BYTES) {
        int wanted = Math.min(CHUNK_BYTES / Float.BYTES, length - from);
        int bytes = in.readNBytes(chunk, 0, wanted * Float.BYTES);
        ByteBuffer.wrap(chunk, 0, bytes)
            .order(ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer()
            .get(vector, from, Math.min(wanted, bytes / Float.BYTES));
      }
    } catch (IOException e) {
      throw damaged(file, e.toString());
    }
    if (checksum.getValue() != crc32c) {
      throw damaged(file, "checksum %x, written was %x".formatted(checksum.getValue(), crc32c));
    }
    return vector;
  }

  @Override
  public void deleteVectorsExcept(Set<String> names) {
    deleteExcept(VECTORS, names);
  }

  private void syncDirectory() throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (AccessDeniedException e) {
      // Windows opens no directories; there a rename is durable by itself.
      return;
    }
  }

  private StateException damaged(Path file, String why) {
    return new StateException(
        ("%s is damaged (%s): delete the directory %s, and the client begins anew with a new"
                + " session")
            .formatted(file, why, directory));
  }

  private StateException unwritable(IOException cause) {
    return new StateException(
        "the client's state in %s cannot be written (%s): make room or give it the right to write"
            .formatted(directory, cause),
        cause);
  }

  /** Gives the directory free. */
  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

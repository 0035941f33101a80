// SPDX-License-Identifier: Apache-2.0
package anabranch.client.state;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;

/** The records of an update as they are sent, read one at a time. */
public sealed interface EncodedParts {

  /** Number of records. */
  int count();

  /**
   * The bytes of a record's value.
   *
   * @param part number of the record, from 0
   * @throws StateException if they cannot be read any more
   */
  byte[] part(int part);

  /** Kept in memory. */
  record InMemory(List<byte[]> records) implements EncodedParts {

    public InMemory {
      records = List.copyOf(records);
    }

    @Override
    public int count() {
      return records.size();
    }

    @Override
    public byte[] part(int part) {
      return records.get(part);
    }
  }

  /**
   * Kept in a file, one behind the other: an update may be as large as the model, and is read as
   * fast as it is sent.
   *
   * @param lengths of the records, in bytes
   */
  record InFile(Path file, List<Integer> lengths) implements EncodedParts {

    public InFile {
      lengths = List.copyOf(lengths);
    }

    @Override
    public int count() {
      return lengths.size();
    }

    @Override
    public byte[] part(int part) {
      byte[] record = new byte[lengths.get(part)];
      try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
        open.seek(lengths.subList(0, part).stream().mapToLong(Integer::longValue).sum());
        open.readFully(record);
        return record;
      } catch (IOException e) {
        throw new StateException(
            "record %d of the update in %s cannot be read: %s".formatted(part, file, e), e);
      }
    }
  }
}

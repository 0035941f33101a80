// SPDX-License-Identifier: Apache-2.0
package anabranch.client.data;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * An array of unsigned bytes from an IDX file, the format of the MNIST family: two zero bytes, the
 * type 8 (unsigned byte), the number of axes, the length of each axis as a big-endian 32-bit
 * number, then the values row-major.
 *
 * @param shape lengths of the axes
 * @param values as many as the product of the lengths; nobody may change them
 */
record IdxArray(List<Integer> shape, byte[] values) {

  private static final int UNSIGNED_BYTE = 8;

  IdxArray {
    shape = List.copyOf(shape);
  }

  /**
   * Reads a whole file. What it declares is not believed: memory grows with the bytes that are
   * there.
   *
   * @param file unpacked
   * @param name of the file, for messages
   * @throws EOFException if it ends before its last value
   * @throws IOException if it cannot be read or is no IDX file of unsigned bytes
   */
  static IdxArray read(InputStream file, String name) throws IOException {
    DataInputStream in = new DataInputStream(file);
    int zero = in.readUnsignedShort();
    int type = in.readUnsignedByte();
    int axes = in.readUnsignedByte();
    if (zero != 0 || type != UNSIGNED_BYTE || axes == 0) {
      throw new IOException(
          "%s is no IDX file of unsigned bytes: it begins with %04x%02x%02x, expected 00000801 to 000008ff"
              .formatted(name, zero, type, axes));
    }
    List<Integer> shape = new ArrayList<>();
    long size = 1;
    for (int axis = 0; axis < axes; axis++) {
      int length = in.readInt();
      shape.add(length);
      size *= length;
      if (length < 1 || size > Integer.MAX_VALUE - 8) {
        throw new IOException("%s declares an impossible shape: %s".formatted(name, shape));
      }
    }
    byte[] values = in.readNBytes((int) size);
    if (values.length < size) {
      throw new EOFException("%d of %d values are there".formatted(values.length, size));
    }
    if (in.read() >= 0) {
      throw new IOException("%s has bytes after its last value".formatted(name));
    }
    return new IdxArray(shape, values);
  }
}

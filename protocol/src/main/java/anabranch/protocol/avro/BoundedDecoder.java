// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.avro;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.avro.io.Decoder;
import org.apache.avro.util.Utf8;

/**
 * Reads Avro's binary encoding out of an array and believes nothing: each length and each block
 * count is compared with the bytes that are left before anything is allocated. Byte fields are
 * windows on the array, not copies.
 *
 * <p>A block may not declare more items than bytes are left. That refuses arrays of items without
 * bytes, of which the schemas have none. And since an item of a few bytes becomes a dozen objects,
 * a record may be given a number of items that all its arrays and maps together may hold.
 */
final class BoundedDecoder extends Decoder {

  private final byte[] bytes;
  private final ByteBuffer littleEndian;
  private final int start;
  private final int end;
  private long itemsLeft;
  private int next;

  /**
   * @param start first byte of the record, header included
   * @param length bytes of the record
   * @param header bytes to leave out at its start
   * @param mostItems items that its arrays and maps may hold, all together
   */
  BoundedDecoder(byte[] bytes, int start, int length, int header, int mostItems) {
    this.bytes = bytes;
    this.littleEndian = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    this.start = start;
    this.end = start + length;
    this.next = start + header;
    this.itemsLeft = mostItems;
  }

  /** Bytes of the record, header included, that have been read. */
  int position() {
    return next - start;
  }

  @Override
  public int remainingBytes() {
    return end - next;
  }

  /**
   * @throws UnreadableRecordException if bytes follow the record
   */
  void expectEnd() {
    if (next != end) {
      throw new UnreadableRecordException(
          "%d bytes follow the record's end at byte %d".formatted(end - next, position()));
    }
  }

  /** Moves over a run of bytes that must be there and returns where it starts. */
  private int take(long length, String what) {
    if (length < 0 || length > end - next) {
      throw refused("%s of %d bytes".formatted(what, length));
    }
    int from = next;
    next += (int) length;
    return from;
  }

  private UnreadableRecordException refused(String what) {
    return new UnreadableRecordException(
        "%s at byte %d, where %d are left".formatted(what, position(), end - next));
  }

  @Override
  public long readLong() {
    long zigzag = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (next == end) {
        throw refused("an unfinished number");
      }
      byte b = bytes[next++];
      if (shift == 63 && b > 1) {
        break;
      }
      zigzag |= (b & 0x7FL) << shift;
      if (b >= 0) {
        return zigzag >>> 1 ^ -(zigzag & 1);
      }
    }
    throw refused("a number of more than 64 bits");
  }

  @Override
  public int readInt() {
    long value = readLong();
    if (value != (int) value) {
      throw refused("%d, which is no 32-bit number,".formatted(value));
    }
    return (int) value;
  }

  @Override
  public void readNull() {}

  @Override
  public boolean readBoolean() {
    byte b = bytes[take(1, "a boolean")];
    if (b != 0 && b != 1) {
      throw refused("%d, which is no boolean,".formatted(b));
    }
    return b == 1;
  }

  @Override
  public float readFloat() {
    return littleEndian.getFloat(take(Float.BYTES, "a float"));
  }

  @Override
  public double readDouble() {
    return littleEndian.getDouble(take(Double.BYTES, "a double"));
  }

  @Override
  public Utf8 readString(Utf8 old) {
    long length = readLong();
    int from = take(length, "a string");
    return new Utf8(Arrays.copyOfRange(bytes, from, next));
  }

  @Override
  public String readString() {
    long length = readLong();
    int from = take(length, "a string");
    return new String(bytes, from, next - from, StandardCharsets.UTF_8);
  }

  @Override
  public void skipString() {
    take(readLong(), "a string");
  }

  @Override
  public ByteBuffer readBytes(ByteBuffer old) {
    long length = readLong();
    int from = take(length, "a byte field");
    return ByteBuffer.wrap(bytes, from, next - from);
  }

  @Override
  public void skipBytes() {
    take(readLong(), "a byte field");
  }

  @Override
  public void readFixed(byte[] target, int offset, int length) {
    System.arraycopy(bytes, take(length, "a fixed field"), target, offset, length);
  }

  @Override
  public void skipFixed(int length) {
    take(length, "a fixed field");
  }

  @Override
  public int readEnum() {
    return readInt();
  }

  @Override
  public int readIndex() {
    return readInt();
  }

  @Override
  public long readArrayStart() {
    return blockCount();
  }

  @Override
  public long arrayNext() {
    return blockCount();
  }

  @Override
  public long skipArray() {
    return skipSizedBlocks();
  }

  @Override
  public long readMapStart() {
    return blockCount();
  }

  @Override
  public long mapNext() {
    return blockCount();
  }

  @Override
  public long skipMap() {
    return skipSizedBlocks();
  }

  /** Items of the next block; a negative number announces the block's size in bytes too. */
  private long blockCount() {
    long count = readLong();
    if (count < 0) {
      long size = readLong();
      if (size < 0 || size > end - next) {
        throw refused("a block of %d bytes".formatted(size));
      }
      count = -count;
    }
    plausible(count);
    itemsLeft -= count;
    if (itemsLeft < 0) {
      throw refused("a block of %d items, %d too many,".formatted(count, -itemsLeft));
    }
    return count;
  }

  /** Leaves out the blocks whose size is announced; the caller skips the items of the others. */
  private long skipSizedBlocks() {
    long count = readLong();
    while (count < 0) {
      take(readLong(), "a block");
      count = readLong();
    }
    return plausible(count);
  }

  private long plausible(long count) {
    if (count < 0 || count > end - next) {
      throw refused("a block of %d items".formatted(count));
    }
    return count;
  }
}

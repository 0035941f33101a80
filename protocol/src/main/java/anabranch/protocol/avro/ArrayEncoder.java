// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.avro;

import org.apache.avro.io.BinaryData;
import org.apache.avro.io.BinaryEncoder;

/** Writes into an array that is known to be large enough. */
final class ArrayEncoder extends BinaryEncoder {

  /** Avro's helpers want this room, the longest varint, even when they write less. */
  private final byte[] scratch = new byte[10];

  private final byte[] target;
  private int position;

  ArrayEncoder(byte[] target, int position) {
    this.target = target;
    this.position = position;
  }

  @Override
  public void writeBoolean(boolean value) {
    target[position++] = (byte) (value ? 1 : 0);
  }

  @Override
  public void writeInt(int value) {
    writeFixed(scratch, 0, BinaryData.encodeInt(value, scratch, 0));
  }

  @Override
  public void writeLong(long value) {
    writeFixed(scratch, 0, BinaryData.encodeLong(value, scratch, 0));
  }

  @Override
  public void writeFloat(float value) {
    writeFixed(scratch, 0, BinaryData.encodeFloat(value, scratch, 0));
  }

  @Override
  public void writeDouble(double value) {
    writeFixed(scratch, 0, BinaryData.encodeDouble(value, scratch, 0));
  }

  @Override
  public void writeFixed(byte[] bytes, int start, int length) {
    System.arraycopy(bytes, start, target, position, length);
    position += length;
  }

  @Override
  protected void writeZero() {
    target[position++] = 0;
  }

  @Override
  public int bytesBuffered() {
    return 0;
  }

  @Override
  public void flush() {}
}

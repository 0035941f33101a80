// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.avro;

import org.apache.avro.io.BinaryEncoder;

/** Counts the bytes that a datum takes, so that they are written into an array of that size. */
final class CountingEncoder extends BinaryEncoder {

  private long size;

  long size() {
    return size;
  }

  @Override
  public void writeBoolean(boolean value) {
    size++;
  }

  @Override
  public void writeInt(int value) {
    writeLong(value);
  }

  @Override
  public void writeLong(long value) {
    long zigzag = value << 1 ^ value >> 63;
    size += zigzag == 0 ? 1 : (70 - Long.numberOfLeadingZeros(zigzag)) / 7;
  }

  @Override
  public void writeFloat(float value) {
    size += Float.BYTES;
  }

  @Override
  public void writeDouble(double value) {
    size += Double.BYTES;
  }

  @Override
  public void writeFixed(byte[] bytes, int start, int length) {
    size += length;
  }

  @Override
  protected void writeZero() {
    size++;
  }

  @Override
  public int bytesBuffered() {
    return 0;
  }

  @Override
  public void flush() {}
}

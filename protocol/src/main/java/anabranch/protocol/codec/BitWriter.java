// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

/** Fills an array of known size with bits, from the lowest bit of a byte to the highest. */
final class BitWriter {

  private final byte[] bytes;
  private int written;
  private long pending;
  private int pendingBits;

  BitWriter(int size) {
    bytes = new byte[size];
  }

  /** Appends the low {@code width} bits of {@code value}; width is 0 to 32, other bits are 0. */
  void put(int value, int width) {
    pending |= (value & 0xffffffffL) << pendingBits;
    pendingBits += width;
    while (pendingBits >= 8) {
      bytes[written++] = (byte) pending;
      pending >>>= 8;
      pendingBits -= 8;
    }
  }

  void putOnes(int count) {
    int left = count;
    for (; left > 31; left -= 31) {
      put(-1 >>> 1, 31);
    }
    put((1 << left) - 1, left);
  }

  byte[] paddedWithZeros() {
    if (pendingBits > 0) {
      bytes[written] = (byte) pending;
    }
    return bytes;
  }

  byte[] paddedWithOnes() {
    if (pendingBits > 0) {
      putOnes(8 - pendingBits);
    }
    return bytes;
  }
}

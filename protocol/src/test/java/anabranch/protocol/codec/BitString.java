// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import anabranch.protocol.Bytes;
import java.math.BigInteger;

/**
 * A bit stream as one big number: slow, and simple enough to be right. Bit i of a stream is bit i
 * of the little-endian number that its bytes make.
 */
final class BitString {

  private BigInteger bits = BigInteger.ZERO;
  private int length;
  private int position;

  static BitString of(Bytes bytes) {
    byte[] bigEndian = new byte[bytes.length()];
    for (int i = 0; i < bigEndian.length; i++) {
      bigEndian[i] = bytes.array()[bytes.offset() + bytes.length() - 1 - i];
    }
    BitString string = new BitString();
    string.bits = new BigInteger(1, bigEndian);
    string.length = 8 * bytes.length();
    return string;
  }

  boolean next() {
    return bits.testBit(position++);
  }

  int next(int width) {
    int value = 0;
    for (int i = 0; i < width; i++) {
      value |= next() ? 1 << i : 0;
    }
    return value;
  }

  void append(boolean bit) {
    bits = bit ? bits.setBit(length) : bits;
    length++;
  }

  void append(int value, int width) {
    for (int i = 0; i < width; i++) {
      append((value >>> i & 1) != 0);
    }
  }

  Bytes paddedWith(boolean padding) {
    while (length % 8 != 0) {
      append(padding);
    }
    byte[] littleEndian = new byte[length / 8];
    byte[] bigEndian = bits.toByteArray();
    for (int i = 0; i < Math.min(littleEndian.length, bigEndian.length); i++) {
      littleEndian[i] = bigEndian[bigEndian.length - 1 - i];
    }
    return Bytes.of(littleEndian);
  }
}

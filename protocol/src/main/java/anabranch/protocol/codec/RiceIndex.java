// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import anabranch.protocol.Bytes;
import anabranch.protocol.codec.MalformedUpdateException.Reason;

/**
 * Gaps in Rice code, the power-of-two case of Golomb's: within 1.5 % of the entropy of random
 * indices when {@code bits} fits their density.
 *
 * @param bits low bits of a gap that are written as they are, 0 to 30
 */
record RiceIndex(int bits) implements IndexCodec {

  private static final int MAX_BITS = 30;

  /** A word read at a byte and shifted to a bit within it has at least so many true bits. */
  private static final int WINDOW = 57;

  /** The code of the smallest size, of the fewest low bits among equals. */
  static RiceIndex smallest(int[] indices, int length) {
    RiceIndex best = new RiceIndex(0);
    for (int bits = 1; bits <= MAX_BITS && length >>> bits != 0; bits++) {
      RiceIndex candidate = new RiceIndex(bits);
      if (candidate.sizeInBits(indices) < best.sizeInBits(indices)) {
        best = candidate;
      }
    }
    return best;
  }

  @Override
  public long size(int[] indices, int length) {
    return Payload.bytesFor(sizeInBits(indices));
  }

  private long sizeInBits(int[] indices) {
    long size = indices.length * (bits + 1L);
    int expected = 0;
    for (int index : indices) {
      size += index - expected >>> bits;
      expected = index + 1;
    }
    return size;
  }

  @Override
  public byte[] encode(int[] indices, int length) {
    BitWriter writer = new BitWriter((int) size(indices, length));
    int expected = 0;
    for (int index : indices) {
      int gap = index - expected;
      writer.putOnes(gap >>> bits);
      writer.put(0, 1);
      writer.put(gap & (1 << bits) - 1, bits);
      expected = index + 1;
    }
    return writer.paddedWithOnes();
  }

  // Several codewords come out of one word: shifting it is faster than loading at each position,
  // since a load waits for the position that the codeword before it gives.
  @Override
  public void decode(Bytes bytes, int count, int length, int[] indices)
      throws MalformedUpdateException {
    if (bits < 0 || bits > MAX_BITS) {
      throw new MalformedUpdateException(
          Reason.PARAMETER, "rice: " + bits + " low bits, allowed are 0 to " + MAX_BITS);
    }
    byte[] array = bytes.array();
    int start = bytes.offset();
    int end = start + bytes.length();
    long limit = 8L * bytes.length();
    int mask = (1 << bits) - 1;
    long position = 0;
    long window = 0;
    int left = 0;
    int previous = -1;
    for (int i = 0; i < count; i++) {
      int most = length - 1 - previous >>> bits;
      int quotient = Long.numberOfTrailingZeros(~window);
      int used = quotient + 1 + bits;
      // Bits above the first `left` are shifted-in zeros, which at worst end a run too early.
      if (used > left) {
        window = window(array, start, end, position);
        left = WINDOW;
        quotient = Long.numberOfTrailingZeros(~window);
        used = quotient + 1 + bits;
        if (used > WINDOW) {
          quotient = longRun(array, start, end, position, most);
          window = window(array, start, end, position + quotient);
          used = 1 + bits;
        }
      }
      int low = (int) (window >>> used - bits) & mask;
      window >>>= used;
      left -= used;
      long next = position + quotient + 1 + bits;
      int index = previous + 1 + (quotient << bits | low);
      if (quotient > most | next > limit | index >= length) {
        throw refusal(bytes, i, position, quotient > most, next > limit, index, length);
      }
      indices[i] = index;
      previous = index;
      position = next;
    }
    requirePadding(bytes, position);
  }

  private static long window(byte[] array, int start, int end, long position) {
    return Payload.word(array, start + (int) (position >>> 3), end) >>> (position & 7);
  }

  /** Length of a run of ones that may cross words; counting stops once it exceeds {@code most}. */
  private static int longRun(byte[] array, int start, int end, long position, int most) {
    int run = 0;
    while (run <= most) {
      int ones = Long.numberOfTrailingZeros(~window(array, start, end, position + run));
      if (ones < WINDOW) {
        return run + ones;
      }
      run += WINDOW;
    }
    return run;
  }

  private static void requirePadding(Bytes bytes, long position) throws MalformedUpdateException {
    long spare = 8L * bytes.length() - position;
    if (spare >= 8) {
      throw new MalformedUpdateException(
          Reason.TRAILING, "rice: " + spare + " bits follow the last gap");
    }
    if (spare > 0 && !endsInOnes(bytes, position)) {
      throw new MalformedUpdateException(Reason.PADDING, "rice: padding bits are not all ones");
    }
  }

  /** Whether the bits from {@code position} on are what padding looks like: 1 to 7 ones. */
  private static boolean endsInOnes(Bytes bytes, long position) {
    long spare = 8L * bytes.length() - position;
    if (spare < 1 || spare > 7) {
      return false;
    }
    int lastByte = bytes.array()[bytes.offset() + bytes.length() - 1] & 0xff;
    return lastByte >>> 8 - spare == (1 << spare) - 1;
  }

  private static MalformedUpdateException refusal(
      Bytes bytes, int gap, long position, boolean run, boolean cut, int index, int length) {
    String where = "rice: gap " + gap;
    if (endsInOnes(bytes, position)) {
      return new MalformedUpdateException(
          Reason.COUNT, "rice: only padding is left where gap " + gap + " should be");
    }
    if (run) {
      return new MalformedUpdateException(
          Reason.UNARY, where + " has a run that leads out of a segment of " + length);
    }
    if (cut) {
      return new MalformedUpdateException(Reason.TRUNCATED, where + " is cut off");
    }
    return new MalformedUpdateException(
        Reason.RANGE, where + " leads to index " + index + " of a segment of " + length);
  }
}

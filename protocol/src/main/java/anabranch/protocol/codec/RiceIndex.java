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

  /** Quotient and low bits of a gap that fit in one word behind seven bits of the gap before. */
  private static final int ONE_WORD = 55;

  /**
   * The code of the smallest size, of the fewest low bits among equals. One more low bit costs a
   * bit for each gap and saves half of each quotient; the quotients only shrink, so sizes fall to
   * the smallest and rise from there on.
   */
  static RiceIndex smallest(int[] indices, int count, int length) {
    if (count == 0) {
      return new RiceIndex(0);
    }
    int most = 31 - Integer.numberOfLeadingZeros(length);
    int bits = 31 - Integer.numberOfLeadingZeros(length / count);
    long same = quotients(indices, count, bits);
    while (bits > 0) {
      long fewer = quotients(indices, count, bits - 1);
      if (fewer - count > same) {
        break;
      }
      same = fewer;
      bits--;
    }
    while (bits < most) {
      long more = quotients(indices, count, bits + 1);
      if (more + count >= same) {
        break;
      }
      same = more;
      bits++;
    }
    return new RiceIndex(bits);
  }

  @Override
  public long size(int[] indices, int count, int length) {
    return Payload.bytesFor(sizeInBits(indices, count));
  }

  private long sizeInBits(int[] indices, int count) {
    return quotients(indices, count, bits) + count * (bits + 1L);
  }

  /**
   * Sum of all gaps without their low bits: an int holds it, since it is at most the last index.
   */
  private static long quotients(int[] indices, int count, int bits) {
    int sum = count == 0 ? 0 : indices[0] >>> bits;
    for (int i = 1; i < count; i++) {
      sum += indices[i] - indices[i - 1] - 1 >>> bits;
    }
    return sum;
  }

  // A codeword goes to where the one before it ends as a whole word, of which the next overwrites
  // what is too much. Up to seven bits are pending between two of them.
  @Override
  public byte[] encode(int[] indices, int count, int length) {
    byte[] bytes = new byte[(int) size(indices, count, length)];
    int mask = (1 << bits) - 1;
    int at = 0;
    long pending = 0;
    int filled = 0;
    int expected = 0;
    for (int i = 0; i < count; i++) {
      int gap = indices[i] - expected;
      expected = indices[i] + 1;
      int quotient = gap >>> bits;
      for (; quotient + bits > ONE_WORD; quotient -= 24) {
        pending |= 0xff_ffffL << filled;
        Payload.putWord(bytes, at, pending);
        at += 3;
        pending >>>= 24;
      }
      long ones = (1L << quotient) - 1;
      pending |= (ones | (long) (gap & mask) << quotient + 1) << filled;
      Payload.putWord(bytes, at, pending);
      filled += quotient + 1 + bits;
      at += filled >>> 3;
      pending >>>= filled & ~7;
      filled &= 7;
    }
    if (filled > 0) {
      bytes[at] = (byte) (pending | 0xff << filled);
    }
    return bytes;
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

// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import anabranch.protocol.Bytes;
import anabranch.protocol.codec.MalformedUpdateException.Reason;
import java.util.Arrays;

/** A random subset that both sides draw from the same seed, so nothing has to be written. */
record SeededIndex(long seed, double p) implements IndexCodec {

  /**
   * Writes the elements that are present to the front of {@code indices}.
   *
   * @param indices at least {@code length} long
   * @return their number
   */
  // Every index is written and the next one overwrites it unless its draw was below p: the draws
  // are random, so a branch on them would be mispredicted.
  int draw(int length, int[] indices) {
    // u < p for u = k * 2^-53 is k < ceil(p * 2^53); the product is exact.
    long bound = (long) Math.ceil(p * 0x1.0p53);
    int count = 0;
    for (int i = 0; i < length; i++) {
      indices[count] = i;
      count += (int) ((SplitMix64.longAt(seed, i) >>> 11) - bound >>> 63);
    }
    return count;
  }

  @Override
  public long size(int[] indices, int count, int length) {
    return 0;
  }

  @Override
  public byte[] encode(int[] indices, int count, int length) {
    int[] drawn = new int[length];
    int present = draw(length, drawn);
    if (!Arrays.equals(indices, 0, count, drawn, 0, present)) {
      throw new IllegalArgumentException(
          "the %d indices are not those that seed %d draws".formatted(count, seed));
    }
    return new byte[0];
  }

  @Override
  public void decode(Bytes bytes, int count, int length, int[] indices)
      throws MalformedUpdateException {
    if (!(p > 0 && p <= 1)) {
      throw new MalformedUpdateException(
          Reason.PARAMETER, "seeded: p is " + p + ", allowed is above 0 to 1");
    }
    Payload.requireLength(bytes, 0, "seeded index");
    int present = draw(length, indices);
    if (present != count) {
      throw new MalformedUpdateException(
          Reason.COUNT, "seeded: " + present + " elements are present, count is " + count);
    }
  }
}

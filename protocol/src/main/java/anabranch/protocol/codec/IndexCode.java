// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import java.util.Arrays;

/**
 * How a segment update says which elements its values belong to. Bit streams run from the lowest
 * bit of a byte to the highest; gaps are {@code g0 = i0}, {@code gj = ij - i(j-1) - 1}, so indices
 * rise strictly by construction.
 */
public sealed interface IndexCode {

  /** Every element, no index bytes. */
  record Dense() implements IndexCode {}

  /** One bit an element, set where a value is present; padding bits are 0. */
  record Bitmap() implements IndexCode {}

  /** Gaps as little-endian base-128 varints of at most 5 bytes, no overlong forms. */
  record GapVarint() implements IndexCode {}

  /**
   * Gaps in Rice code: {@code gap >> bits} ones, a zero, then the low {@code bits} bits; padding
   * bits are 1, so that no phantom index decodes from them.
   *
   * @param bits 0 to 30
   */
  record Rice(int bits) implements IndexCode {}

  /**
   * Element i is present when draw i of SplitMix64(seed), as a double in [0, 1), is below p; no
   * index bytes.
   *
   * @param seed of the sequence
   * @param p share of the elements that are present, in (0, 1]
   */
  record Seeded(long seed, double p) implements IndexCode {

    /** The elements of a segment that are present, rising. */
    public int[] draw(int length) {
      int[] indices = new int[length];
      return Arrays.copyOf(indices, new SeededIndex(seed, p).draw(length, indices));
    }
  }
}

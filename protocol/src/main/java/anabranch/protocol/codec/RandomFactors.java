// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

/**
 * Random factors of low-rank transforms, of which the newest is kept: one who transforms the
 * segments of a tensor after each other draws and inverts its factor once. Not safe for several
 * threads.
 */
public final class RandomFactors {

  private RandomFactor newest;

  RandomFactor of(long seed, int columns, int rank) {
    if (newest == null || !newest.is(seed, columns, rank)) {
      newest = new RandomFactor(seed, columns, rank);
    }
    return newest;
  }
}

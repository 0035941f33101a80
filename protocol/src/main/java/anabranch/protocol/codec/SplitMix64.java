// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

/**
 * The sequence of {@link java.util.SplittableRandom}, with access to any element: element i is
 * {@code mix64(seed + (i + 1) * 0x9E3779B97F4A7C15)}. Both sides of a public seed draw from it; it
 * is no cryptographic generator.
 *
 * @see <a href="https://doi.org/10.1145/2660193.2660195">Steele, Lea, Flood: Fast Splittable
 *     Pseudorandom Number Generators</a>
 */
public final class SplitMix64 {

  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  private SplitMix64() {}

  /**
   * Element {@code index} of the sequence of {@code seed}.
   *
   * @param index from 0
   */
  public static long longAt(long seed, long index) {
    return mix(seed + (index + 1) * GAMMA);
  }

  /** The same element as a double in [0, 1), a multiple of 2^-53. */
  public static double doubleAt(long seed, long index) {
    return (longAt(seed, index) >>> 11) * 0x1.0p-53;
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

/**
 * What a segment update's values are coefficients of. All updates of a round carry the same, so
 * their sum is one of coefficients and is turned back once a segment.
 */
public sealed interface TransformCode {

  /** The elements themselves. */
  record Plain() implements TransformCode {}

  /**
   * A randomized Hadamard transform, see {@link Rotation}.
   *
   * @param seed of the random signs, any 64 bits
   */
  record Rotated(long seed) implements TransformCode {}

  /**
   * Factors B of B·A with a random A, see {@link LowRank}.
   *
   * @param seed of A, any 64 bits
   * @param rank r, at least 1: columns of B
   */
  record LowRankFactor(long seed, int rank) implements TransformCode {}
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import anabranch.protocol.Bytes;

/** Turns finite floats into the bytes of a value code and back. */
sealed interface ValueCodec permits Float32Values, Float16Values, BFloat16Values, AffineValues {

  static ValueCodec of(ValueCode code) {
    if (code instanceof ValueCode.Affine affine) {
      return new AffineValues(affine.bits(), affine.lo(), affine.step());
    }
    if (code instanceof ValueCode.F16) {
      return new Float16Values();
    }
    if (code instanceof ValueCode.BF16) {
      return new BFloat16Values();
    }
    return new Float32Values();
  }

  /** Exact number of bytes of {@code count} values. */
  long size(int count);

  /** The bytes of {@code count} finite values from {@code from} on. */
  byte[] encode(float[] values, int from, int count);

  /**
   * Refuses bytes that are not {@code count} values of at most 2^{@code maxExponent} in magnitude.
   * It looks at the bytes alone: nothing is decoded, nothing allocated.
   *
   * @param maxExponent -126 to 128, which is every finite float
   */
  void check(Bytes bytes, int count, int maxExponent) throws MalformedUpdateException;

  /**
   * Writes {@code count} values to the front of {@code values}.
   *
   * @param bytes that {@link #check} lets pass with some bound
   */
  void decode(Bytes bytes, int count, float[] values);
}

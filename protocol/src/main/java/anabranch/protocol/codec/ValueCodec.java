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

  byte[] encode(float[] values);

  /**
   * Writes {@code count} values to the front of {@code values}, or refuses the bytes. It does not
   * judge what floating-point bytes say: NaN passes.
   */
  void decode(Bytes bytes, int count, float[] values) throws MalformedUpdateException;
}

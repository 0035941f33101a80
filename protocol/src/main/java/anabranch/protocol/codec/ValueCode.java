// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

/** How a segment update writes its values. All are little-endian. */
public sealed interface ValueCode {

  /** IEEE 754 binary32. */
  record F32() implements ValueCode {}

  /** IEEE 754 binary16. */
  record F16() implements ValueCode {}

  /** The upper 16 bits of binary32. */
  record BF16() implements ValueCode {}

  /**
   * Unsigned codes c of {@code bits} bits, lowest bit first, padding bits 0, each standing for
   * {@code lo + (float) c * step} in float32 with two roundings.
   *
   * @param bits 0 to 16
   * @param lo value of code 0, finite
   * @param step distance of two codes, finite and at least 0; {@code lo + (2^bits - 1) * step} must
   *     be finite too
   */
  record Affine(int bits, float lo, float step) implements ValueCode {}
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.fuzz;

import anabranch.protocol.Bytes;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.codec.ValueCode;
import java.util.stream.Stream;

class AffineValuesFuzzTest extends CodeFuzzTest {

  static Stream<byte[]> seeds() {
    return GoldenVectors.affine().map(FuzzInput::toBytes);
  }

  /** Lowest value and step as one parameter of the input. */
  static long grid(float lo, float step) {
    return (long) Float.floatToRawIntBits(lo) << Integer.SIZE
        | Integer.toUnsignedLong(Float.floatToRawIntBits(step));
  }

  @Override
  int length(FuzzInput input) {
    return Codes.lengthOfAll(input);
  }

  @Override
  SegmentUpdate update(FuzzInput input, Bytes payload) {
    float lo = Float.intBitsToFloat((int) (input.second() >>> Integer.SIZE));
    float step = Float.intBitsToFloat((int) input.second());
    return Codes.values(input, new ValueCode.Affine((int) input.first(), lo, step), payload);
  }

  /**
   * Codes whose values differ by more than their rounding come back as they were. Where a step is
   * lost in the rounding, several codes mean one value, so it is the value that has to stay near.
   */
  @Override
  double reencodingError(SegmentUpdate update) {
    ValueCode.Affine code = (ValueCode.Affine) update.valueCode();
    float highest = code.lo() + (float) ((1 << code.bits()) - 1) * code.step();
    float rounding = Math.ulp(Math.max(Math.abs(code.lo()), Math.abs(highest)));
    return code.bits() > 0 && code.step() >= 4 * rounding ? -1 : code.step() + 2 * rounding;
  }
}

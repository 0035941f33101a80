// SPDX-License-Identifier: Apache-2.0
package anabranch.fuzz;

import anabranch.protocol.Bytes;
import anabranch.protocol.codec.IndexCode;
import anabranch.protocol.codec.SegmentUpdate;
import java.util.stream.Stream;

class SeededIndexFuzzTest extends CodeFuzzTest {

  static Stream<byte[]> seeds() {
    return GoldenVectors.seededMasks().map(FuzzInput::toBytes);
  }

  /** Each element of the segment is drawn. */
  @Override
  int length(FuzzInput input) {
    return Math.min(FuzzInput.MOST_VALUES, input.length());
  }

  @Override
  SegmentUpdate update(FuzzInput input, Bytes payload) {
    return Codes.index(
        input,
        new IndexCode.Seeded(input.first(), Double.longBitsToDouble(input.second())),
        payload);
  }
}

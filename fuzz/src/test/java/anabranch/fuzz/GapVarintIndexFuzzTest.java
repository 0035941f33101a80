// SPDX-License-Identifier: Apache-2.0
package anabranch.fuzz;

import anabranch.protocol.Bytes;
import anabranch.protocol.codec.IndexCode;
import anabranch.protocol.codec.SegmentUpdate;
import java.util.stream.Stream;

class GapVarintIndexFuzzTest extends CodeFuzzTest {

  static Stream<byte[]> seeds() {
    return GoldenVectors.indices("varintHex", "VARINT").map(FuzzInput::toBytes);
  }

  @Override
  SegmentUpdate update(FuzzInput input, Bytes payload) {
    return Codes.index(input, new IndexCode.GapVarint(), payload);
  }
}

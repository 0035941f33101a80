// SPDX-License-Identifier: Apache-2.0
package anabranch.fuzz;

import anabranch.protocol.Bytes;
import anabranch.protocol.codec.IndexCode;
import anabranch.protocol.codec.SegmentUpdate;
import java.util.stream.Stream;

class BitmapIndexFuzzTest extends CodeFuzzTest {

  static Stream<byte[]> seeds() {
    return GoldenVectors.indices("bitmapHex", "BITMAP").map(FuzzInput::toBytes);
  }

  @Override
  SegmentUpdate update(FuzzInput input, Bytes payload) {
    return Codes.index(input, new IndexCode.Bitmap(), payload);
  }
}

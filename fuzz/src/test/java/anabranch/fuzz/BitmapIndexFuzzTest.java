// SPDX-License-Identifier: Apache-2.0
package anabranch.fuzz;

import anabranch.protocol.Bytes;
import anabranch.protocol.codec.IndexCode;
import anabranch.protocol.codec.SegmentUpdate;
import java.util.stream.Stream;

class BitmapIndexFuzzTest extends CodeFuzzTest {

  static Stream<byte[]> seeds() {
    // The vectors' segments fill whole bytes; in the last two bits are left over, clear and set.
    Stream<FuzzInput> leftOver =
        Stream.of(
            new FuzzInput(13, 3, 0, 0, new byte[] {0x09, 0x10}),
            new FuzzInput(13, 4, 0, 0, new byte[] {0x09, 0x50}));
    return Stream.concat(GoldenVectors.indices("bitmapHex", "BITMAP"), leftOver)
        .map(FuzzInput::toBytes);
  }

  @Override
  SegmentUpdate update(FuzzInput input, Bytes payload) {
    return Codes.index(input, new IndexCode.Bitmap(), payload);
  }
}

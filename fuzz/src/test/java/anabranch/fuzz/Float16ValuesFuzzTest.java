// SPDX-License-Identifier: Apache-2.0
package anabranch.fuzz;

import anabranch.protocol.Bytes;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.codec.ValueCode;
import java.util.stream.Stream;

class Float16ValuesFuzzTest extends CodeFuzzTest {

  static Stream<byte[]> seeds() {
    return Codes.floats(new ValueCode.F16());
  }

  @Override
  int length(FuzzInput input) {
    return Codes.lengthOfAll(input);
  }

  @Override
  SegmentUpdate update(FuzzInput input, Bytes payload) {
    return Codes.values(input, new ValueCode.F16(), payload);
  }
}

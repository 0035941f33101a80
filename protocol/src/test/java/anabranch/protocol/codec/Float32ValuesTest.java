// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.protocol.Bytes;
import org.junit.jupiter.api.Test;

class Float32ValuesTest extends SegmentCodecContract {

  @Test
  void bytesAreLittleEndian() {
    byte[] bytes = new Float32Values().encode(new float[] {1, -2.5f}, 0, 2);
    assertThat(Bytes.of(bytes).toHex()).isEqualTo("0000803f" + "000020c0");
  }
}

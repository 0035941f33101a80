// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.protocol.Bytes;
import org.junit.jupiter.api.Test;

class BFloat16ValuesTest extends SegmentCodecContract {

  @Override
  ValueCode valueCode(float[] values) {
    return new ValueCode.BF16();
  }

  @Override
  double errorBound(float value, ValueCode code) {
    return Math.abs(value) * 0x1.0p-8;
  }

  @Test
  void everyFiniteUpperHalfSurvives() throws MalformedUpdateException {
    for (int upper = 0; upper < 1 << 16; upper++) {
      if ((upper & 0x7f80) != 0x7f80) {
        float[] value = new float[1];
        byte[] bytes = {(byte) upper, (byte) (upper >>> 8)};
        new BFloat16Values().decode(Bytes.of(bytes), 1, value);
        assertThat(Float.floatToRawIntBits(value[0])).isEqualTo(upper << 16);
        assertThat(new BFloat16Values().encode(value, 0, value.length)).isEqualTo(bytes);
      }
    }
  }

  @Test
  void roundsHalfWayToEvenAndNeverToInfinity() {
    assertThat(encoded(0x3f808000)).isEqualTo("803f");
    assertThat(encoded(0x3f808001)).isEqualTo("813f");
    assertThat(encoded(0x3f818000)).isEqualTo("823f");
    assertThat(encoded(0xbf818000)).isEqualTo("82bf");
    assertThat(encoded(0x7f7fffff)).isEqualTo("7f7f");
    assertThat(encoded(0xff7fffff)).isEqualTo("7fff");
  }

  private static String encoded(int bits) {
    float[] values = {Float.intBitsToFloat(bits)};
    return Bytes.of(new BFloat16Values().encode(values, 0, values.length)).toHex();
  }
}

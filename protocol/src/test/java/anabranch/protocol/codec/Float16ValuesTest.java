// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.protocol.Bytes;
import org.junit.jupiter.api.Test;

class Float16ValuesTest extends SegmentCodecContract {

  @Override
  ValueCode valueCode(float[] values) {
    return new ValueCode.F16();
  }

  @Override
  double errorBound(float value, ValueCode code) {
    return Math.max(Math.abs(value) * 0x1.0p-11, 0x1.0p-25);
  }

  @Test
  void decodesEveryFiniteHalfAsTheStandardSays() {
    for (int half = 0; half < 1 << 16; half++) {
      int exponent = half >>> 10 & 0x1f;
      double significand = (half & 0x3ff) + (exponent == 0 ? 0 : 1024);
      double magnitude = Math.scalb(significand, Math.max(exponent, 1) - 25);
      if (exponent < 31) {
        assertThat(decoded(half)).isEqualTo((float) (half < 0x8000 ? magnitude : -magnitude));
      } else {
        assertThat(Float.isFinite(decoded(half))).isFalse();
      }
    }
  }

  private static float decoded(int half) {
    float[] value = new float[1];
    new Float16Values().decode(Bytes.of(new byte[] {(byte) half, (byte) (half >>> 8)}), 1, value);
    return value[0];
  }

  @Test
  void everyFiniteHalfSurvives() {
    for (int half = 0; half < 1 << 16; half++) {
      if ((half >>> 10 & 0x1f) < 31) {
        assertThat(Float16Values.toHalf(decoded(half))).isEqualTo(half);
      }
    }
  }

  @Test
  void roundsToTheNearestAndHalfWayToEven() {
    for (int half = 0; half < 0x7bff; half++) {
      float below = decoded(half);
      float above = decoded(half + 1);
      float middle = (below + above) / 2;
      int even = half + (half & 1);
      assertThat(Float16Values.toHalf(middle)).isEqualTo(even);
      assertThat(Float16Values.toHalf(-middle)).isEqualTo(even | 0x8000);
      assertThat(Float16Values.toHalf(Math.nextDown(middle))).isEqualTo(half);
      assertThat(Float16Values.toHalf(Math.nextUp(middle))).isEqualTo(half + 1);
    }
  }

  @Test
  void whatIsTooLargeBecomesTheLargest() {
    for (float value : new float[] {65504, 65505, 65520, 1e6f, Float.MAX_VALUE}) {
      assertThat(decoded(Float16Values.toHalf(value))).isEqualTo(65504);
      assertThat(decoded(Float16Values.toHalf(-value))).isEqualTo(-65504);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.protocol.Bytes;
import anabranch.protocol.codec.MalformedUpdateException.Reason;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MagnitudesTest {

  private static final int COUNT = 11;

  /** Neighbours of the bound, and what compares oddly. */
  private static List<Float> candidates(int maxExponent) {
    float bound = (float) Math.min(Float.MAX_VALUE, Math.scalb(1.0, maxExponent));
    return List.of(
        0f,
        -0f,
        Float.MIN_VALUE,
        bound,
        -bound,
        Math.nextDown(bound),
        Math.nextUp(bound),
        -Math.nextUp(bound),
        1.0078125f * bound,
        -2 * bound,
        Float.MAX_VALUE,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.NaN,
        Float.intBitsToFloat(0xffffffff));
  }

  @ParameterizedTest
  @ValueSource(ints = {-126, -25, -24, -23, -15, -14, 0, 1, 14, 15, 16, 40, 126, 127, 128})
  void oneValueBeyondTheBoundIsFoundWhereverItStands(int maxExponent) {
    for (float value : candidates(maxExponent)) {
      for (int at = 0; at < COUNT; at++) {
        demandSameVerdict(new Float32Values(), float32(value, at), maxExponent);
        int bits = Float.floatToRawIntBits(value) >>> 16;
        demandSameVerdict(new BFloat16Values(), half(bits, at), maxExponent);
      }
    }
  }

  @Test
  void everyHalfIsComparedWithEveryBoundThatMayTellItApart() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      for (int maxExponent = -26; maxExponent <= 17; maxExponent++) {
        demandSameVerdict(new Float16Values(), half(bits, bits % COUNT), maxExponent);
      }
    }
  }

  private static Bytes float32(float value, int at) {
    float[] values = new float[COUNT];
    values[at] = value;
    return padded(new Float32Values().encode(values, 0, values.length));
  }

  private static Bytes half(int bits, int at) {
    byte[] halves = new byte[2 * COUNT];
    halves[2 * at] = (byte) bits;
    halves[2 * at + 1] = (byte) (bits >>> 8);
    return padded(halves);
  }

  /** As a run inside a record whose other bytes would be beyond any bound. */
  private static Bytes padded(byte[] payload) {
    byte[] record = new byte[payload.length + 16];
    Arrays.fill(record, (byte) 0x7f);
    System.arraycopy(payload, 0, record, 5, payload.length);
    return new Bytes(record, 5, payload.length);
  }

  /** The comparison of bytes must agree with that of the decoded numbers. */
  private static void demandSameVerdict(ValueCodec codec, Bytes bytes, int maxExponent) {
    float[] values = new float[COUNT];
    codec.decode(bytes, COUNT, values);
    boolean within = true;
    for (float value : values) {
      within &= Float.isFinite(value) && Math.abs(value) <= Math.scalb(1.0, maxExponent);
    }
    assertThat(verdict(codec, bytes, maxExponent))
        .as("%s, 2^%d: %s", codec, maxExponent, Arrays.toString(values))
        .isEqualTo(within ? null : Reason.MAGNITUDE);
  }

  private static Reason verdict(ValueCodec codec, Bytes bytes, int maxExponent) {
    try {
      codec.check(bytes, COUNT, maxExponent);
      return null;
    } catch (MalformedUpdateException e) {
      return e.reason();
    }
  }
}

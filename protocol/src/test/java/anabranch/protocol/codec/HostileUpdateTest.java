// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import static anabranch.protocol.codec.Updates.dense;
import static anabranch.protocol.codec.Updates.hex;
import static anabranch.protocol.codec.Updates.indexOnly;
import static anabranch.protocol.codec.Updates.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import anabranch.protocol.Bytes;
import anabranch.protocol.codec.MalformedUpdateException.Reason;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What no encoder writes. The refused Rice and varint streams are vectors of their own. */
class HostileUpdateTest {

  private static final IndexCode DENSE = new IndexCode.Dense();
  private static final IndexCode BITMAP = new IndexCode.Bitmap();

  @Test
  void bitmapMayNotNameElementsBeyondTheSegment() {
    assertThat(refusal(indexOnly(BITMAP, 4, hex("0942")), 12)).isEqualTo(Reason.PADDING);
    assertThat(refusal(indexOnly(BITMAP, 4, hex("0942")), 16)).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 5, 15})
  void bitmapHasToHoldItsCount(int count) {
    assertThat(refusal(indexOnly(BITMAP, count, hex("0942")), 16)).isEqualTo(Reason.COUNT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "09", "094200"})
  void bitmapHasOneBitAnElement(String index) {
    assertThat(refusal(indexOnly(BITMAP, 1, hex(index)), 16)).isEqualTo(Reason.LENGTH);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 31, 32, 33, Integer.MAX_VALUE, Integer.MIN_VALUE})
  void riceHasZeroToThirtyLowBits(int bits) {
    assertThat(refusal(indexOnly(new IndexCode.Rice(bits), 4, hex("64e7")), 16))
        .isEqualTo(Reason.PARAMETER);
  }

  @Test
  void riceStreamIsNoLongerThanItsGapsAllow() {
    // The bound for 4 gaps of 1 low bit among 16 elements is 2 bytes.
    Bytes padded = hex("64e7" + "ff".repeat(1000));
    assertThat(refusal(indexOnly(new IndexCode.Rice(1), 4, padded), 16)).isEqualTo(Reason.TRAILING);
    Bytes bomb = hex("ff".repeat(100_000));
    assertThat(refusal(indexOnly(new IndexCode.Rice(0), 1, bomb), 131_072)).isEqualTo(Reason.UNARY);
  }

  @Test
  void anEmptyListHasNoIndexBytes() {
    assertThat(refusal(indexOnly(new IndexCode.Rice(0), 0, hex("ff")), 8))
        .isEqualTo(Reason.TRAILING);
    assertThat(refusal(indexOnly(new IndexCode.Rice(0), 0, hex("ff".repeat(4))), 8))
        .isEqualTo(Reason.TRAILING);
    assertThat(refusal(indexOnly(new IndexCode.GapVarint(), 0, hex("00")), 8))
        .isEqualTo(Reason.TRAILING);
  }

  @Test
  void varintOfFiveBytesDoesNotWrapAround() {
    IndexCode varint = new IndexCode.GapVarint();
    assertThat(refusal(indexOnly(varint, 1, hex("ffffffff7f")), 16)).isEqualTo(Reason.RANGE);
    assertThat(refusal(indexOnly(varint, 1, hex("8080808000")), 16)).isEqualTo(Reason.OVERLONG);
    assertThat(refusal(indexOnly(varint, 1, hex("8080808080")), 16)).isEqualTo(Reason.TOO_LONG);
    assertThat(refusal(indexOnly(varint, 1, hex("80808080")), 16)).isEqualTo(Reason.TRUNCATED);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.25, 1.0000001, Double.NaN, Double.POSITIVE_INFINITY, -0.0})
  void seededShareLiesAboveZeroAndUpToOne(double p) {
    assertThat(refusal(indexOnly(new IndexCode.Seeded(5, p), 4, Bytes.EMPTY), 16))
        .isEqualTo(Reason.PARAMETER);
  }

  @Test
  void seededSubsetHasTheCountThatItsSeedDraws() {
    IndexCode seeded = new IndexCode.Seeded(5, 0.25);
    assertThat(refusal(indexOnly(seeded, 4, Bytes.EMPTY), 16)).isNull();
    assertThat(refusal(indexOnly(seeded, 3, Bytes.EMPTY), 16)).isEqualTo(Reason.COUNT);
    assertThat(refusal(indexOnly(seeded, 5, Bytes.EMPTY), 16)).isEqualTo(Reason.COUNT);
    assertThat(refusal(indexOnly(seeded, 4, hex("00")), 16)).isEqualTo(Reason.LENGTH);
    assertThat(refusal(indexOnly(new IndexCode.Seeded(5, 1), 16, Bytes.EMPTY), 16)).isNull();
  }

  @Test
  void denseIsForAllElementsAndOnlyDenseIs() {
    assertThat(refusal(indexOnly(DENSE, 16, Bytes.EMPTY), 16)).isNull();
    assertThat(refusal(indexOnly(DENSE, 15, Bytes.EMPTY), 16)).isEqualTo(Reason.COUNT);
    assertThat(refusal(indexOnly(DENSE, 16, hex("00")), 16)).isEqualTo(Reason.LENGTH);
    assertThat(refusal(indexOnly(BITMAP, 16, hex("ffff")), 16)).isEqualTo(Reason.COUNT);
    assertThat(refusal(indexOnly(new IndexCode.Rice(0), 8, hex("00")), 8)).isEqualTo(Reason.COUNT);
  }

  /** A few bytes that declare gigabytes: affine codes of no bits need none. */
  @ParameterizedTest
  @ValueSource(ints = {Integer.MAX_VALUE, Integer.MIN_VALUE, -1, 17, 131_073})
  void countIsBoundedByTheManifest(int count) {
    assertThat(refusal(indexOnly(DENSE, count, Bytes.EMPTY), 16)).isEqualTo(Reason.COUNT);
    assertThat(refusal(indexOnly(BITMAP, count, hex("ffff")), 16)).isEqualTo(Reason.COUNT);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 7fc00000, 00000000",
    "0, 7f800000, 00000000",
    "8, 00000000, 7fc00000",
    "8, 00000000, 7f800000",
    "8, 00000000, bf800000",
    "8, 7f7fffff, 7f7fffff",
    "8, ff800000, 00000000",
    "-1, 00000000, 00000000",
    "17, 00000000, 00000000",
    "2147483647, 00000000, 00000000",
    "-2147483648, 00000000, 00000000"
  })
  void affineGridIsFinite(int bits, String lo, String step) {
    ValueCode code = new ValueCode.Affine(bits, ofBits(lo), ofBits(step));
    assertThat(refusal(dense(code, 1, hex("00")), 1)).isEqualTo(Reason.PARAMETER);
  }

  private static float ofBits(String hex) {
    return Float.intBitsToFloat(Integer.parseUnsignedInt(hex, 16));
  }

  @ParameterizedTest
  @CsvSource({"0, 00", "1, ''", "1, 0000", "2, ''", "8, 0000", "16, 0000000000"})
  void valuesHaveTheBytesOfTheirBits(int bits, String values) {
    ValueCode code = new ValueCode.Affine(bits, 0, 1);
    assertThat(refusal(dense(code, 3, hex(values)), 3)).isEqualTo(Reason.LENGTH);
  }

  @Test
  void affinePaddingIsZero() {
    ValueCode code = new ValueCode.Affine(3, 0, 1);
    assertThat(refusal(dense(code, 3, hex("c501")), 3)).isNull();
    assertThat(refusal(dense(code, 3, hex("c503")), 3)).isEqualTo(Reason.PADDING);
    assertThat(refusal(dense(code, 3, hex("c581")), 3)).isEqualTo(Reason.PADDING);
  }

  @ParameterizedTest
  @ValueSource(strings = {"7fc00000", "ffc00000", "7f800001", "7f800000", "ff800000", "7fffffff"})
  void float32IsFinite(String bits) {
    byte[] values = new byte[8];
    for (int i = 0; i < 4; i++) {
      values[4 + i] = (byte) (Integer.parseUnsignedInt(bits, 16) >>> 8 * i);
    }
    assertThat(refusal(dense(new ValueCode.F32(), 2, Bytes.of(values)), 2))
        .isEqualTo(Reason.MAGNITUDE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"007c", "00fc", "017c", "00fe", "ffff"})
  void float16IsFinite(String values) {
    assertThat(refusal(dense(new ValueCode.F16(), 1, hex(values)), 1)).isEqualTo(Reason.MAGNITUDE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"807f", "80ff", "817f", "c0ff", "ffff"})
  void bfloat16IsFinite(String values) {
    assertThat(refusal(dense(new ValueCode.BF16(), 1, hex(values)), 1)).isEqualTo(Reason.MAGNITUDE);
  }

  @Test
  void valuesReachTheBoundAndNotBeyond() {
    float bound = 1 << Updates.MAX_EXPONENT;
    for (int position = 0; position < 40; position++) {
      float[] values = new float[40];
      for (float allowed : new float[] {bound, -bound, 0, -0f, Float.MIN_VALUE}) {
        values[position] = allowed;
        assertThat(refusal(float32(values), 40)).isNull();
      }
      for (float beyond : new float[] {Math.nextUp(bound), -Math.nextUp(bound)}) {
        values[position] = beyond;
        assertThat(refusal(float32(values), 40)).isEqualTo(Reason.MAGNITUDE);
      }
    }
    ValueCode grid = new ValueCode.Affine(1, 0, Math.nextUp(bound));
    assertThat(refusal(dense(grid, 2, hex("00")), 2)).isNull();
    assertThat(refusal(dense(grid, 2, hex("02")), 2)).isEqualTo(Reason.MAGNITUDE);
  }

  @Test
  void widestBoundAcceptsEveryFiniteFloatAndNothingElse() throws MalformedUpdateException {
    DecodedSegment decoded = new DecodedSegment();
    float[] extremes = {0x1p127f, Math.nextUp(0x1p127f), Float.MAX_VALUE, -Float.MAX_VALUE};

    SegmentDecoder.decode(float32(extremes), 4, SegmentDecoder.EVERY_FINITE, decoded);

    assertThat(Arrays.copyOf(decoded.values(), 4)).containsExactly(extremes);
    for (float other : new float[] {Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN}) {
      SegmentUpdate update = float32(new float[] {other});
      assertThatThrownBy(
              () -> SegmentDecoder.decode(update, 1, SegmentDecoder.EVERY_FINITE, decoded))
          .isInstanceOf(MalformedUpdateException.class);
    }
  }

  private static SegmentUpdate float32(float[] values) {
    return dense(
        new ValueCode.F32(),
        values.length,
        Bytes.of(new Float32Values().encode(values, 0, values.length)));
  }

  @Test
  void aRefusalLeavesNothingDecoded() throws MalformedUpdateException {
    DecodedSegment decoded = new DecodedSegment();
    SegmentDecoder.decode(indexOnly(DENSE, 16, Bytes.EMPTY), 16, 0, decoded);
    assertThat(decoded.count()).isEqualTo(16);
    assertThatThrownBy(
            () -> SegmentDecoder.decode(indexOnly(BITMAP, 3, hex("0942")), 16, 0, decoded))
        .isInstanceOf(MalformedUpdateException.class)
        .hasMessage("bitmap: 4 bits are set, count is 3");
    assertThat(decoded.count()).isZero();
    assertThat(decoded.dense()).isFalse();
  }

  @Test
  void lengthAndBoundComeFromTheManifestSoTheirFaultsAreOurs() {
    SegmentUpdate update = indexOnly(DENSE, 16, Bytes.EMPTY);
    DecodedSegment into = new DecodedSegment();
    for (int length : new int[] {0, -1, 131_073}) {
      assertThatThrownBy(() -> SegmentDecoder.decode(update, length, 0, into))
          .isInstanceOf(IllegalArgumentException.class);
    }
    for (int exponent : new int[] {-127, SegmentDecoder.EVERY_FINITE + 1}) {
      assertThatThrownBy(() -> SegmentDecoder.decode(update, 16, exponent, into))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}

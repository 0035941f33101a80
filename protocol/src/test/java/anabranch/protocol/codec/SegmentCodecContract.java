// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import static anabranch.protocol.codec.Updates.decode;
import static anabranch.protocol.codec.Updates.indexOnly;
import static anabranch.protocol.codec.Updates.refusal;
import static anabranch.protocol.codec.Updates.withIndex;
import static anabranch.protocol.codec.Updates.withValues;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import anabranch.protocol.Bytes;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What holds for every index code and every value code; a subclass names the one under test. */
abstract class SegmentCodecContract {

  private static final int[] LENGTHS = {1, 2, 7, 8, 9, 31, 63, 64, 65, 127, 128, 1000, 20_000};
  private static final double[] SHARES = {0, 0.002, 0.03, 0.3, 0.97};

  final SplittableRandom random = new SplittableRandom(20_261);
  private final DecodedSegment decoded = new DecodedSegment();

  /** Strictly rising indices below {@code length}, fewer than all for a chosen subset. */
  int[] indices(int length, double share) {
    int[] some = IntStream.range(0, length).filter(i -> random.nextDouble() < share).toArray();
    return some.length == length ? Arrays.copyOf(some, length - 1) : some;
  }

  IndexCode indexCode(int[] indices, int length) {
    return IndexCodec.smallest(indices, indices.length, length);
  }

  ValueCode valueCode(float[] values) {
    return new ValueCode.F32();
  }

  /** The most that {@code value} may change. */
  double errorBound(float value, ValueCode code) {
    return 0;
  }

  final float[] values(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      double magnitude = Math.scalb(random.nextDouble(), random.nextInt(-30, 10));
      values[i] = (float) (random.nextBoolean() ? magnitude : -magnitude);
    }
    return values;
  }

  private SegmentUpdate encode(int length, int[] indices, float[] values) {
    return SegmentEncoder.encodeSelected(
        0, Reference.DELTA, length, indices, values, indexCode(indices, length), valueCode(values));
  }

  private SegmentUpdate encode(int length, double share) {
    int[] indices = indices(length, share);
    return encode(length, indices, values(indices.length));
  }

  @Test
  final void roundTripsAnySizeWithinTheErrorBound() throws MalformedUpdateException {
    for (int length : LENGTHS) {
      for (double share : SHARES) {
        int[] indices = indices(length, share);
        float[] values = values(indices.length);
        SegmentUpdate update = encode(length, indices, values);

        Updates.Decoded result = decode(update, length);

        assertThat(result.indices()).isEqualTo(indices);
        assertThat(result.values()).hasSameSizeAs(values);
        for (int i = 0; i < values.length; i++) {
          double bound = errorBound(values[i], update.valueCode());
          assertThat((double) result.values()[i]).isCloseTo(values[i], within(bound));
        }
      }
    }
  }

  @Test
  final void sizeIsExact() {
    for (int length : LENGTHS) {
      for (double share : SHARES) {
        int[] indices = indices(length, share);
        SegmentUpdate update = encode(length, indices, values(indices.length));
        assertThat(IndexCodec.of(update.indexCode()).size(indices, indices.length, length))
            .isEqualTo(update.index().length());
        assertThat(ValueCodec.of(update.valueCode()).size(indices.length))
            .isEqualTo(update.values().length());
      }
    }
  }

  // What was cut off still stands behind the payload: a read past the end would find it.
  @Test
  final void refusesTruncationAtEveryByte() {
    for (int length : new int[] {1, 9, 64, 500}) {
      for (double share : SHARES) {
        SegmentUpdate update = encode(length, share);
        for (int cut = 0; cut < update.index().length(); cut++) {
          Bytes index = new Bytes(update.index().array(), 0, cut);
          assertThat(refusal(withIndex(update, index), length)).isNotNull();
        }
        for (int cut = 0; cut < update.values().length(); cut++) {
          Bytes values = new Bytes(update.values().array(), 0, cut);
          assertThat(refusal(withValues(update, values), length)).isNotNull();
        }
      }
    }
  }

  @Test
  final void refusesTrailingBytes() {
    for (int length : LENGTHS) {
      SegmentUpdate update = encode(length, 0.1);
      for (int more : new int[] {1, 2, 8, 9}) {
        for (byte filler : new byte[] {0, -1, 0x5a}) {
          Bytes index = extended(update.index(), more, filler);
          assertThat(refusal(withIndex(update, index), length)).isNotNull();
          Bytes values = extended(update.values(), more, filler);
          assertThat(refusal(withValues(update, values), length)).isNotNull();
        }
      }
    }
  }

  private static Bytes extended(Bytes bytes, int more, byte filler) {
    byte[] array = Arrays.copyOf(bytes.toArray(), bytes.length() + more);
    Arrays.fill(array, bytes.length(), array.length, filler);
    return Bytes.of(array);
  }

  @Test
  final void seesOnlyThePayloadWhateverLiesBesideIt() throws MalformedUpdateException {
    for (int length : LENGTHS) {
      SegmentUpdate update = encode(length, 0.2);
      Updates.Decoded expected = decode(update, length);
      for (byte beside : new byte[] {0, -1, 0x5a}) {
        for (int before : new int[] {0, 1, 3, 8}) {
          for (int behind : new int[] {0, 1, 20}) {
            SegmentUpdate surrounded =
                withIndex(
                    withValues(update, surrounded(update.values(), before, behind, beside)),
                    surrounded(update.index(), before, behind, beside));
            Updates.Decoded result = decode(surrounded, length);
            assertThat(result.indices()).isEqualTo(expected.indices());
            assertThat(result.values()).isEqualTo(expected.values());
          }
        }
      }
    }
  }

  private static Bytes surrounded(Bytes bytes, int before, int behind, byte beside) {
    byte[] array = new byte[before + bytes.length() + behind];
    Arrays.fill(array, beside);
    System.arraycopy(bytes.array(), bytes.offset(), array, before, bytes.length());
    return new Bytes(array, before, bytes.length());
  }

  @Test
  final void refusesEveryOtherCount() {
    for (int length : new int[] {1, 9, 64, 300}) {
      SegmentUpdate update = encode(length, 0.2);
      for (int count = -1; count <= length + 1; count++) {
        if (count != update.count()) {
          SegmentUpdate lie = indexOnly(update.indexCode(), count, update.index());
          assertThat(refusal(lie, length)).isNotNull();
        }
      }
    }
  }

  @Test
  final void noBytesDoAnythingButDecodeOrGetRefused() {
    for (int round = 0; round < 20_000; round++) {
      int length = 1 + random.nextInt(200);
      SegmentUpdate honest = encode(length, 0.3);
      SegmentUpdate garbage =
          new SegmentUpdate(
              0,
              Reference.DELTA,
              random.nextInt(-1, length + 2),
              honest.indexCode(),
              randomBytes(40),
              honest.valueCode(),
              randomBytes(200));
      assertDecodesToAnHonestFormOrIsRefused(garbage, length);
      assertDecodesToAnHonestFormOrIsRefused(
          indexOnly(honest.indexCode(), honest.count(), oneBitFlipped(honest.index())), length);
      assertDecodesToAnHonestFormOrIsRefused(
          withValues(honest, oneBitFlipped(honest.values())), length);
    }
  }

  private Bytes randomBytes(int most) {
    byte[] array = new byte[random.nextInt(most)];
    random.nextBytes(array);
    return Bytes.of(array);
  }

  private Bytes oneBitFlipped(Bytes bytes) {
    byte[] array = bytes.toArray();
    if (array.length > 0) {
      int bit = random.nextInt(8 * array.length);
      array[bit >>> 3] ^= (byte) (1 << (bit & 7));
    }
    return Bytes.of(array);
  }

  private void assertDecodesToAnHonestFormOrIsRefused(SegmentUpdate update, int length) {
    try {
      SegmentDecoder.decode(update, length, Updates.MAX_EXPONENT, decoded);
    } catch (MalformedUpdateException refused) {
      return;
    }
    int[] indices =
        decoded.dense()
            ? Updates.everything(length)
            : Arrays.copyOf(decoded.indices(), decoded.count());
    assertThat(Bytes.of(IndexCodec.of(update.indexCode()).encode(indices, indices.length, length)))
        .isEqualTo(update.index());
    for (int i = 0; i < decoded.count(); i++) {
      assertThat(Math.abs(decoded.values()[i])).isLessThanOrEqualTo(1 << Updates.MAX_EXPONENT);
    }
  }
}

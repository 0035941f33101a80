// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import static anabranch.protocol.codec.Updates.decode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import anabranch.protocol.codec.EncodingSettings.Fit;
import anabranch.protocol.codec.EncodingSettings.Index;
import anabranch.protocol.codec.EncodingSettings.Rounding;
import anabranch.protocol.codec.EncodingSettings.Value;
import anabranch.protocol.codec.Presets.Quantization;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SegmentEncoderTest {

  private static final float[] VALUES = {9, .9f, -.1f, .05f, -1.2f, 0, .3f, -.02f, .7f, 9};
  private static final int OFFSET = 1;
  private static final int LENGTH = 8;

  private final SegmentEncoder encoder = new SegmentEncoder();

  private static EncodingSettings settings(Index index, Value value, int bits, double fraction) {
    return new EncodingSettings("test", Reference.DELTA, index, value, bits, fraction);
  }

  private SegmentUpdate encode(EncodingSettings settings) {
    return encoder.encode(3, VALUES, OFFSET, LENGTH, Reference.DELTA, settings, 5);
  }

  @Test
  void denseCarriesTheSliceAsItIs() throws MalformedUpdateException {
    SegmentUpdate update = encode(EncodingSettings.DENSE_F32);
    assertThat(update.segment()).isEqualTo(3);
    assertThat(update.indexCode()).isEqualTo(new IndexCode.Dense());
    assertThat(decode(update, LENGTH).values())
        .containsExactly(.9f, -.1f, .05f, -1.2f, 0, .3f, -.02f, .7f);
  }

  @Test
  void sparseCarriesTheLargest() throws MalformedUpdateException {
    SegmentUpdate update = encode(settings(Index.RICE, Value.F32, 0, 0.3));
    assertThat(decode(update, LENGTH).indices()).containsExactly(0, 3, 7);
    assertThat(decode(update, LENGTH).values()).containsExactly(.9f, -1.2f, .7f);
  }

  @Test
  void sparseCarriesAtLeastOneElement() throws MalformedUpdateException {
    SegmentUpdate update = encode(settings(Index.GAP_VARINT, Value.F32, 0, 1e-9));
    assertThat(decode(update, LENGTH).indices()).containsExactly(3);
  }

  @Test
  void sparseLeavesZerosOut() throws MalformedUpdateException {
    SegmentUpdate update = encode(settings(Index.BITMAP, Value.F32, 0, 1));
    assertThat(decode(update, LENGTH).indices()).containsExactly(0, 1, 2, 3, 5, 6, 7);
    SegmentUpdate nothing =
        encoder.encode(
            0, new float[8], 0, 8, Reference.DELTA, settings(Index.SMALLEST, Value.F16, 0, .5), 0);
    assertThat(nothing.count()).isZero();
    assertThat(nothing.index().length()).isZero();
    assertThat(decode(nothing, 8).values()).isEmpty();
  }

  @Test
  void whatCoversEveryElementIsDense() throws MalformedUpdateException {
    float[] values = {1, 2};
    for (Index index : Index.values()) {
      SegmentUpdate update =
          encoder.encode(0, values, 0, 2, Reference.WEIGHTS, settings(index, Value.F32, 0, 1), 7);
      assertThat(update.indexCode()).isEqualTo(new IndexCode.Dense());
      assertThat(decode(update, 2).values()).isEqualTo(values);
    }
  }

  @Test
  void smallestIsTheSmallestByExactSize() {
    SplittableRandom random = new SplittableRandom(8);
    for (double share : new double[] {0, .001, .01, .1, .3, .5, .8}) {
      int[] indices = IntStream.range(0, 3000).filter(i -> random.nextDouble() < share).toArray();
      long smallest =
          IndexCodec.of(IndexCodec.smallest(indices, indices.length, 3000))
              .size(indices, indices.length, 3000);
      for (int bits = 0; bits <= 30; bits++) {
        assertThat(smallest)
            .isLessThanOrEqualTo(new RiceIndex(bits).size(indices, indices.length, 3000));
      }
      assertThat(smallest)
          .isLessThanOrEqualTo(new GapVarintIndex().size(indices, indices.length, 3000));
      assertThat(smallest)
          .isLessThanOrEqualTo(new BitmapIndex().size(indices, indices.length, 3000));
    }
    assertThat(IndexCodec.smallest(new int[0], 0, 3000)).isEqualTo(new IndexCode.Rice(0));
  }

  @Test
  void everySettingStaysWithinItsSizeAndDecodes() throws MalformedUpdateException {
    SplittableRandom random = new SplittableRandom(4);
    for (int length : new int[] {1, 2, 9, 100, 3000}) {
      float[] values = new float[length];
      for (int i = 0; i < length; i++) {
        values[i] = (float) random.nextDouble(-1, 1);
      }
      for (Index index : Index.values()) {
        for (Value value : Value.values()) {
          for (double fraction : new double[] {1e-3, .1, .5, 1}) {
            EncodingSettings settings = settings(index, value, random.nextInt(17), fraction);
            SegmentUpdate update =
                encoder.encode(0, values, 0, length, Reference.DELTA, settings, random.nextLong());
            assertThat((long) update.index().length() + update.values().length())
                .isLessThanOrEqualTo(settings.maxBytes(length));
            assertThat(decode(update, length).values()).hasSize(update.count());
          }
        }
      }
    }
  }

  @Test
  void sameInputGivesSameBytes() {
    EncodingSettings settings = settings(Index.SMALLEST, Value.AFFINE, 5, 0.5);
    assertThat(encode(settings)).isEqualTo(encode(settings));
  }

  @Test
  void divergedTrainingIsNotEncoded() {
    float[] values = {1, 2, Float.NaN};
    assertThatThrownBy(
            () -> encoder.encode(3, values, 1, 2, Reference.DELTA, EncodingSettings.DENSE_F32, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("segment 3: element 1 is NaN");
  }

  @Test
  void indicesThatNoDecoderAcceptsAreNotEncoded() {
    for (int[] indices : new int[][] {{1, 1}, {2, 1}, {-1, 2}, {3, 8}}) {
      assertThatThrownBy(() -> selected(indices, new IndexCode.Bitmap()))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> selected(new int[] {1, 2, 3}, new IndexCode.Bitmap()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> selected(new int[] {1, 2}, new IndexCode.Dense()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static SegmentUpdate selected(int[] indices, IndexCode code) {
    return SegmentEncoder.encodeSelected(
        0, Reference.DELTA, 8, indices, new float[2], code, new ValueCode.F32());
  }

  @Test
  void settingsOutsideTheirRangesAreRefused() {
    for (double fraction : new double[] {0, -1, 1.5, Double.NaN}) {
      assertThatThrownBy(() -> settings(Index.RICE, Value.F32, 0, fraction))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> settings(Index.RICE, Value.AFFINE, 17, 0.1))
        .hasMessage("test: 17 bits, affine codes have 0 to 16");
  }

  @Test
  void fitsThatDoNotExistAreRefused() {
    assertThatThrownBy(
            () ->
                Presets.dense(
                    new Quantization(Value.AFFINE, 2, Fit.MEAN_MAGNITUDE, Rounding.NEAREST)))
        .hasMessage(
            "test: 2 bits with the fit mean-magnitude, which is one value or a sign and has 0 or 1");
    assertThatThrownBy(
            () -> Presets.dense(new Quantization(Value.AFFINE, 1, Fit.SYMMETRIC, Rounding.NEAREST)))
        .hasMessageStartingWith("test: 1 bits with the fit symmetric");
  }

  @Test
  void whatDivisionMakesInfiniteIsNotEncoded() {
    float[] values = {1, Float.MAX_VALUE, 1};
    assertThatThrownBy(
            () ->
                encoder.encode(
                    4, values, 0, 3, Reference.DELTA, Presets.subsample(.99, Presets.float32()), 0))
        .hasMessageStartingWith("segment 4: element 1 leaves the range of floats");
  }

  @Test
  void whatAffineCodesCannotSpanIsNotEncoded() {
    float[] values = {Float.MAX_VALUE, -Float.MAX_VALUE};
    assertThatThrownBy(
            () ->
                encoder.encode(
                    4, values, 0, 2, Reference.DELTA, Presets.dense(Presets.nearest(8)), 0))
        .hasMessage(
            "segment 4: values from -3.4028235E38 to 3.4028235E38 are too far apart for affine"
                + " codes; train with a smaller step");
  }

  @Test
  void lengthsThatNoSegmentHasAreRefused() {
    for (int length : new int[] {0, 131_073}) {
      assertThatThrownBy(
              () ->
                  encoder.encode(
                      0,
                      new float[131_073],
                      0,
                      length,
                      Reference.DELTA,
                      EncodingSettings.DENSE_F32,
                      0))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}

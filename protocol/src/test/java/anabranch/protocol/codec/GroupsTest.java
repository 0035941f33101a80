// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import static anabranch.protocol.codec.Updates.hex;
import static anabranch.protocol.codec.Updates.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import anabranch.protocol.Bytes;
import anabranch.protocol.codec.EncodingSettings.Allocation;
import anabranch.protocol.codec.EncodingSettings.Fit;
import anabranch.protocol.codec.EncodingSettings.Index;
import anabranch.protocol.codec.EncodingSettings.Rounding;
import anabranch.protocol.codec.EncodingSettings.Value;
import anabranch.protocol.codec.MalformedUpdateException.Reason;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Role;
import anabranch.protocol.model.Segmenter;
import anabranch.protocol.model.Segmenter.BlockShape;
import anabranch.protocol.model.Segmenter.TensorShape;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GroupsTest {

  private final SegmentEncoder encoder = new SegmentEncoder();
  private final DecodedSegment decoded = new DecodedSegment();

  private static EncodingSettings settings(
      Index index, int group, double fraction, Allocation allocation, Value value) {
    EncodingAxes axes =
        new EncodingAxes("test").index(index, fraction).groups(group).allocation(allocation);
    return value == Value.AFFINE
        ? axes.affine(1, Fit.MEAN_MAGNITUDE, Rounding.NEAREST).build()
        : axes.build();
  }

  private SegmentUpdate encode(float[] values, EncodingSettings settings) {
    return encoder.encode(0, values, 0, values.length, Reference.DELTA, settings, 1);
  }

  private int[] decodedIndices(SegmentUpdate update, int length) throws Exception {
    SegmentDecoder.decode(update, length, SegmentDecoder.EVERY_FINITE, decoded);
    return decoded.dense()
        ? IntStream.range(0, length).toArray()
        : Arrays.copyOf(decoded.indices(), decoded.count());
  }

  /** Groups of 3 in 11 elements: sums 0.6, 6, 6.5 and 5; of equals the lower index. */
  @Test
  void groupsOfLargestSumAreSentWithAllTheirElements() throws Exception {
    float[] values = {0.1f, -0.2f, 0.3f, 6, 0, 0, -2, 2, 2.5f, -2.5f, 2.5f};

    SegmentUpdate update =
        encode(values, settings(Index.BITMAP, 3, 0.5, Allocation.UNIFORM, Value.F32));

    assertThat(update.group()).isEqualTo(3);
    assertThat(update.count()).isEqualTo(6);
    assertThat(update.index()).isEqualTo(hex("06"));
    assertThat(decodedIndices(update, 11)).containsExactly(3, 4, 5, 6, 7, 8);
    assertThat(Arrays.copyOf(decoded.values(), 6)).containsExactly(6, 0, 0, -2, 2, 2.5f);
  }

  @Test
  void lastGroupIsAsLongAsItsRest() throws Exception {
    float[] values = {0, 0, 0, 1, 1, 1, 0, 0, 0, 9, 9};

    SegmentUpdate update =
        encode(values, settings(Index.SMALLEST, 3, 0.5, Allocation.UNIFORM, Value.F32));

    assertThat(update.count()).isEqualTo(5);
    assertThat(decodedIndices(update, 11)).containsExactly(3, 4, 5, 9, 10);
  }

  @Test
  void groupOfZerosIsNeverSentAndAllGroupsMakeADenseUpdate() throws Exception {
    EncodingSettings most = settings(Index.RICE, 2, 0.9, Allocation.UNIFORM, Value.F32);

    assertThat(encode(new float[10], most).count()).isZero();
    SegmentUpdate all = encode(new float[] {1, 0, 0, 1, 1}, most);
    assertThat(all.indexCode()).isInstanceOf(IndexCode.Dense.class);
    assertThat(all.group()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"1,4", "5,4", "4096,4", "4097,4", "131072,4", "131071,7", "1000,1000", "999,1000"})
  void signsAndOneMagnitudeOfGroupsComeBack(int length, int group) throws Exception {
    SplittableRandom random = new SplittableRandom(length);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) Math.pow(random.nextDouble() - 0.5, 3);
    }

    SegmentUpdate update =
        encode(values, settings(Index.SMALLEST, group, 0.02, Allocation.UNIFORM, Value.AFFINE));
    int[] indices = decodedIndices(update, length);

    double magnitudes = 0;
    for (int index : indices) {
      magnitudes += Math.abs(values[index]);
    }
    float mean = (float) (magnitudes / indices.length);
    for (int i = 0; i < indices.length; i++) {
      assertThat(decoded.values()[i]).isEqualTo(values[indices[i]] < 0 ? -mean : mean);
    }
    assertThat(update.count()).isLessThanOrEqualTo(Math.max(group, (int) (length * 0.03) + group));
  }

  /** 3 of 4 groups of 4 in 14 elements, the last of 2. */
  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, 131_073})
  void groupsOfAnImpossibleSizeAreRefused(int size) {
    assertThat(refusal(bitmap(4, "01").grouped(size), 16)).isEqualTo(Reason.PARAMETER);
  }

  @Test
  void countThatDoesNotFillTheGroupsIsRefused() {
    assertThat(refusal(bitmap(3, "01").grouped(4), 16)).isEqualTo(Reason.COUNT);
    // The last group of 14 elements has 2.
    assertThat(refusal(bitmap(4, "08").grouped(4), 14)).isEqualTo(Reason.COUNT);
    assertThat(refusal(bitmap(6, "03").grouped(4), 14)).isEqualTo(Reason.COUNT);
    assertThat(refusal(bitmap(8, "01").grouped(4), 16)).isEqualTo(Reason.COUNT);
  }

  @Test
  void groupsOfADenseOrSeededIndexAreRefused() {
    SegmentUpdate dense = encode(new float[] {1, 1, 1, 1}, EncodingSettings.DENSE_F32);
    assertThat(refusal(dense.grouped(2), 4)).isEqualTo(Reason.PARAMETER);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings(Index.SEEDED, 4, 0.1, Allocation.UNIFORM, Value.F32))
        .withMessageContaining("groups of 4 with the index SEEDED");
  }

  private static SegmentUpdate bitmap(int count, String index) {
    return new SegmentUpdate(
        0,
        Reference.DELTA,
        count,
        new IndexCode.Bitmap(),
        hex(index),
        new ValueCode.F32(),
        Bytes.of(new byte[4 * count]));
  }

  @Test
  void squareRootGivesSmallBlocksALargerShareOfTheSameTotal() {
    ModelManifest manifest =
        Segmenter.manifest(
            "two",
            Map.of(),
            4,
            List.of(
                new BlockShape("small", List.of(tensor("a", 400))),
                new BlockShape("large", List.of(tensor("b", 90_000)))));
    EncodingSettings asked =
        settings(Index.SMALLEST, 4, 0.01, Allocation.SQUARE_ROOT, Value.AFFINE);

    double small = asked.ofBlock(manifest, 0).fraction();
    double large = asked.ofBlock(manifest, 1).fraction();

    assertThat(small * 20).isCloseTo(large * 300, within(1e-12));
    assertThat(small * 400 + large * 90_000).isCloseTo(904, within(1e-9));
    assertThat(
            settings(Index.SMALLEST, 4, 0.5, Allocation.SQUARE_ROOT, Value.AFFINE)
                .ofBlock(manifest, 0)
                .fraction())
        .isEqualTo(1);
  }

  private static TensorShape tensor(String name, int length) {
    return new TensorShape(name, List.of(length), Role.PARAMETER);
  }
}

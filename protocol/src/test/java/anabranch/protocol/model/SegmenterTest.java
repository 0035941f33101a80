// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import anabranch.protocol.model.Segmenter.BlockShape;
import anabranch.protocol.model.Segmenter.TensorShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SegmenterTest {

  private static final int MAX = Segment.MAX_LENGTH;

  @Test
  void tensorsLieByRoleAndInTheirGivenOrder() {
    Block block =
        manifest(
                tensor("mean", Role.BUFFER, 4),
                tensor("weight", Role.PARAMETER, 4, 3),
                tensor("seen", Role.LOCAL),
                tensor("head", Role.AUXILIARY, 2),
                tensor("bias", Role.PARAMETER, 4))
            .blocks()
            .get(0);

    assertThat(block.tensors())
        .extracting(Tensor::name, Tensor::offset)
        .containsExactly(
            tuple("weight", 0),
            tuple("bias", 12),
            tuple("head", 16),
            tuple("mean", 18),
            tuple("seen", -1));
    assertThat(block.size()).isEqualTo(22);
  }

  @Test
  void smallTensorsOfOneRoleShareASegment() {
    assertThat(
            lengths(
                tensor("weight", Role.PARAMETER, 4, 3),
                tensor("bias", Role.PARAMETER, 4),
                tensor("mean", Role.BUFFER, 4),
                tensor("variance", Role.BUFFER, 4)))
        .containsExactly(16, 8);
  }

  @Test
  void aMatrixIsCutBetweenRowsAndItsRestIsShared() {
    // 131 rows of 1,000 fit a segment of 131,072.
    assertThat(lengths(tensor("weight", Role.PARAMETER, 300, 1000), tensor("b", Role.PARAMETER, 8)))
        .containsExactly(131_000, 131_000, 38_008);
  }

  @Test
  void aTensorThatWouldNotFitStartsASegment() {
    assertThat(lengths(tensor("a", Role.PARAMETER, MAX - 1), tensor("b", Role.PARAMETER, 2, 1)))
        .containsExactly(MAX - 1, 2);
  }

  @Test
  void aRowLongerThanASegmentIsCutAnywhere() {
    assertThat(lengths(tensor("a", Role.PARAMETER, 2, MAX + 1))).containsExactly(MAX, MAX, 2);
  }

  @Test
  void aVectorFillsSegments() {
    assertThat(lengths(tensor("a", Role.PARAMETER, 2 * MAX + 5))).containsExactly(MAX, MAX, 5);
  }

  @Test
  void segmentsTileEveryBlockAndNeverCrossRolesOrTheLimit() {
    SplittableRandom random = new SplittableRandom(7);
    for (int run = 0; run < 500; run++) {
      ModelManifest manifest = Segmenter.manifest("any", Map.of(), 4, randomModel(random));

      for (int i = 0; i < manifest.segments().size(); i++) {
        assertThat(manifest.segments().get(i).index()).isEqualTo(i);
      }
      for (Block block : manifest.blocks()) {
        int next = 0;
        for (Segment segment : manifest.segmentsOf(block.index())) {
          assertThat(segment.offset()).isEqualTo(next);
          assertThat(segment.length()).isBetween(1, MAX);
          next += segment.length();
          for (Tensor tensor : block.tensors()) {
            boolean outside =
                tensor.role() == Role.LOCAL
                    || tensor.offset() + tensor.size() <= segment.offset()
                    || tensor.offset() >= segment.offset() + segment.length();
            assertThat(outside || tensor.role() == segment.role()).isTrue();
          }
          assertThat(isCutWell(block, next)).isTrue();
        }
        assertThat(next).isEqualTo(block.size());
      }
    }
  }

  @Test
  void contradictionsAreRefusedByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> manifest(tensor("a", Role.PARAMETER, 1), tensor("a", Role.BUFFER, 1)))
        .withMessageContaining("tensor 'a' appears twice");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> manifest(tensor("a", Role.PARAMETER, 3, 0)))
        .withMessageContaining("[3, 0]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> manifest(tensor("a", Role.LOCAL, 3)))
        .withMessageContaining("block 'only' has no tensor that travels");
    assertThatExceptionOfType(ArithmeticException.class)
        .isThrownBy(
            () ->
                manifest(tensor("a", Role.PARAMETER, 1 << 30), tensor("b", Role.BUFFER, 1 << 30)));
  }

  /** A segment ends at the end of a tensor, between two rows, or inside a row that is too long. */
  private static boolean isCutWell(Block block, int end) {
    for (Tensor tensor : block.tensors()) {
      int inside = end - tensor.offset();
      if (tensor.offset() >= 0 && inside > 0 && inside < tensor.size()) {
        int row = tensor.size() / tensor.shape().get(0);
        return row > MAX || inside % row == 0;
      }
    }
    return true;
  }

  private static List<BlockShape> randomModel(SplittableRandom random) {
    List<BlockShape> blocks = new ArrayList<>();
    for (int b = 0; b < 3; b++) {
      List<TensorShape> tensors = new ArrayList<>();
      tensors.add(tensor("always" + b, Role.PARAMETER));
      for (int t = 0; t < random.nextInt(8); t++) {
        Role role = Role.values()[random.nextInt(Role.values().length)];
        int[] shape = new int[random.nextInt(4)];
        for (int axis = 0; axis < shape.length; axis++) {
          shape[axis] = 1 + random.nextInt(1 << random.nextInt(1, 18 / shape.length + 1));
        }
        tensors.add(tensor("t" + b + "." + t, role, shape));
      }
      blocks.add(new BlockShape("b" + b, tensors));
    }
    return blocks;
  }

  private static List<Integer> lengths(TensorShape... tensors) {
    return manifest(tensors).segments().stream().map(Segment::length).toList();
  }

  private static ModelManifest manifest(TensorShape... tensors) {
    return Segmenter.manifest(
        "any", Map.of(), 4, List.of(new BlockShape("only", List.of(tensors))));
  }

  private static TensorShape tensor(String name, Role role, int... shape) {
    return new TensorShape(name, Arrays.stream(shape).boxed().toList(), role);
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import anabranch.protocol.model.Segmenter.BlockShape;
import anabranch.protocol.model.Segmenter.TensorShape;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ModelManifestTest {

  @Test
  void segmentsOfABlockAreThoseWithItsIndex() {
    ModelManifest manifest = manifest(segment(0, 0), segment(1, 0), segment(2, 1), segment(3, 3));

    assertThat(manifest.segmentsOf(0)).extracting(Segment::index).containsExactly(0, 1);
    assertThat(manifest.segmentsOf(1)).extracting(Segment::index).containsExactly(2);
    assertThat(manifest.segmentsOf(2)).isEmpty();
    assertThat(manifest.segmentsOf(3)).extracting(Segment::index).containsExactly(3);
    assertThat(manifest.segmentsOf(4)).isEmpty();
  }

  @Test
  void segmentsOutOfOrderAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> manifest(segment(0, 1), segment(1, 0)))
        .withMessageContaining("segment 1 of block 0 stands at 1, behind one of block 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> manifest(segment(1, 0)))
        .withMessageContaining("segment 1 of block 0 stands at 0");
  }

  @Test
  void theModelThatIsDeployedIsTheLastStagesNetwork() {
    ModelManifest manifest =
        grown(stage(List.of(0, 1, 4), List.of()), stage(List.of(1, 2, 5), List.of(0)));

    assertThat(manifest.deployedBlocks()).containsExactly(0, 1, 2, 5);
    assertThat(grown().deployedBlocks()).containsExactly(0, 1, 2, 3, 4, 5);
  }

  @Test
  void aStageOfABlockThatTheModelDoesNotHaveIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> grown(stage(List.of(0), List.of()), stage(List.of(1), List.of(0, 6))))
        .withMessageContaining("stage 2 names block 6, the model has blocks 0 to 5");
  }

  @Test
  void aStageThatContradictsItselfIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> stage(List.of(), List.of(0)))
        .withMessageContaining("at least one block");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> stage(List.of(2, 1), List.of()))
        .withMessageContaining("trains the blocks [2, 1]: indices rise");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> stage(List.of(1), List.of(-1)))
        .withMessageContaining("holds the blocks [-1]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> stage(List.of(1, 2), List.of(0, 2)))
        .withMessageContaining("train and hold block 2");
  }

  /** A model of six blocks. */
  private static ModelManifest grown(Stage... stages) {
    return Segmenter.manifest(
        "any",
        Map.of(),
        4,
        IntStream.range(0, 6)
            .mapToObj(
                i ->
                    new BlockShape(
                        "b" + i, List.of(new TensorShape("t" + i, List.of(3), Role.PARAMETER))))
            .toList(),
        List.of(stages));
  }

  private static Stage stage(List<Integer> train, List<Integer> hold) {
    return new Stage(train, hold);
  }

  private static ModelManifest manifest(Segment... segments) {
    return new ModelManifest("any", Map.of(), 4, List.of(), List.of(segments));
  }

  private static Segment segment(int index, int block) {
    return new Segment(index, block, Role.PARAMETER, 0, 8);
  }
}

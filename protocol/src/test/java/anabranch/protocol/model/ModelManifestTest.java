// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
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

  private static ModelManifest manifest(Segment... segments) {
    return new ModelManifest("any", Map.of(), 4, List.of(), List.of(segments));
  }

  private static Segment segment(int index, int block) {
    return new Segment(index, block, Role.PARAMETER, 0, 8);
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SeededIndexTest extends SegmentCodecContract {

  private SeededIndex drawn;

  static int[] draw(long seed, double p, int length) {
    int[] indices = new int[length];
    return Arrays.copyOf(indices, new SeededIndex(seed, p).draw(length, indices));
  }

  @Override
  int[] indices(int length, double share) {
    drawn = new SeededIndex(random.nextLong(), Math.max(share, 1e-5));
    return draw(drawn.seed(), drawn.p(), length);
  }

  @Override
  IndexCode indexCode(int[] indices, int length) {
    return new IndexCode.Seeded(drawn.seed(), drawn.p());
  }

  @Test
  void presentAreTheDrawsBelowTheShare() {
    for (double p :
        new double[] {Double.MIN_VALUE, 1e-9, 0.1, 1.0 / 3, 0.5, 0x1.fffffffffffffp-1, 1}) {
      SplittableRandom draws = new SplittableRandom(77);
      int[] expected = IntStream.range(0, 5000).filter(i -> draws.nextDouble() < p).toArray();
      assertThat(draw(77, p, 5000)).isEqualTo(expected);
    }
  }

  @Test
  void aDrawEqualToTheShareIsAbsentAndTheNextShareHasIt() {
    for (int i = 0; i < 100; i++) {
      double draw = SplitMix64.doubleAt(77, i);
      assertThat(draw(77, draw, 100)).doesNotContain(i);
      assertThat(draw(77, Math.nextUp(draw), 100)).contains(i);
    }
  }

  @Test
  void onlyItsOwnIndicesCanBeWritten() {
    SeededIndex code = new SeededIndex(5, 0.25);
    assertThat(code.encode(new int[] {2, 3, 4, 11}, 4, 16)).isEmpty();
    assertThatThrownBy(() -> code.encode(new int[] {2, 3, 5, 11}, 4, 16))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the 4 indices are not those that seed 5 draws");
  }
}

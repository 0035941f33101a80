// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.protocol.codec.LargestElements.Side;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LargestElementsTest {

  private final LargestElements largest = new LargestElements();

  private int[] choose(float[] values, int offset, int length, int k, Side side) {
    int[] indices = new int[length];
    return Arrays.copyOf(indices, largest.choose(values, offset, length, k, side, indices));
  }

  @Test
  void agreesWithSorting() {
    SplittableRandom random = new SplittableRandom(3);
    for (int round = 0; round < 500; round++) {
      int length = 1 + random.nextInt(300);
      float[] values = new float[length + 9];
      boolean manyTies = random.nextBoolean();
      for (int i = 0; i < values.length; i++) {
        values[i] =
            manyTies
                ? random.nextInt(-3, 4) / 4f
                : Math.scalb((float) random.nextDouble(-1, 1), random.nextInt(-149, 120));
      }
      int offset = random.nextInt(10);
      int k = 1 + random.nextInt(length);
      for (Side side : Side.values()) {
        assertThat(choose(values, offset, length, k, side))
            .isEqualTo(sorted(values, offset, length, k, side));
      }
    }
  }

  @Test
  void longSegmentsAgreeWithSortingWhateverASampleOfThemLooksLike() {
    for (int length : new int[] {2048, 20_000}) {
      for (Map.Entry<String, float[]> input : Inputs.ofLength(length).entrySet()) {
        for (int k : new int[] {1, length / 100, length / 10, length - 1}) {
          for (Side side : Side.values()) {
            assertThat(choose(input.getValue(), 0, length, k, side))
                .as("%s, %d of %d", input.getKey(), k, length)
                .isEqualTo(sorted(input.getValue(), 0, length, k, side));
          }
        }
      }
    }
  }

  private static int[] sorted(float[] values, int offset, int length, int k, Side side) {
    return IntStream.range(0, length)
        .filter(i -> values[offset + i] != 0)
        .filter(i -> side != Side.POSITIVE || values[offset + i] > 0)
        .filter(i -> side != Side.NEGATIVE || values[offset + i] < 0)
        .boxed()
        .sorted(
            Comparator.comparing((Integer i) -> -Math.abs(values[offset + i]))
                .thenComparing(Comparator.naturalOrder()))
        .limit(k)
        .mapToInt(Integer::intValue)
        .sorted()
        .toArray();
  }

  @Test
  void ofEqualMagnitudesTheLowerIndexWins() {
    float[] values = {.5f, -1, 1, .5f, -1, 1};
    assertThat(choose(values, 0, 6, 3, Side.BOTH)).containsExactly(1, 2, 4);
  }

  @Test
  void zerosAreNeverChosen() {
    float[] values = {0, 2, -0f, 0, Float.MIN_VALUE};
    assertThat(choose(values, 0, 5, 5, Side.BOTH)).containsExactly(1, 4);
    Arrays.fill(values, -0f);
    assertThat(choose(values, 0, 5, 5, Side.BOTH)).isEmpty();
  }
}

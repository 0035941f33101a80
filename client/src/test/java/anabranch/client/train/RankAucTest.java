// SPDX-License-Identifier: Apache-2.0
package anabranch.client.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RankAucTest {

  @Test
  void areaIsTheShareOfPairsInTheRightOrderWithTiesCountingHalf() {
    SplittableRandom random = new SplittableRandom(4);
    for (int trial = 0; trial < 300; trial++) {
      int size = 2 + random.nextInt(60);
      // Few values make ties, many make none.
      int values = 1 + random.nextInt(80);
      float[] scores = new float[size];
      boolean[] positive = new boolean[size];
      for (int i = 0; i < size; i++) {
        scores[i] = (random.nextInt(values) - values / 2) / 3f;
        positive[i] = i == 0 || (i > 1 && random.nextInt(4) == 0);
      }

      assertThat(area(scores, positive)).isCloseTo(byPairs(scores, positive), within(1e-12));
    }
  }

  @Test
  void orderAloneCounts() {
    boolean[] classes = {false, false, true, true};

    assertThat(area(new float[] {-9, -1e-30f, 1e-30f, 8}, classes)).isEqualTo(1);
    assertThat(area(new float[] {Float.MAX_VALUE, 2, -Float.MAX_VALUE, 1}, classes)).isZero();
    assertThat(area(new float[] {0f, -0f, 0f, -0f}, classes)).isEqualTo(0.5);
    assertThat(area(new float[] {1, 3, 2, 4}, classes)).isEqualTo(0.75);
  }

  @Test
  void oneClassAloneHasNoArea() {
    RankAuc onlyNegatives = new RankAuc(3);
    onlyNegatives.add(1, false);
    onlyNegatives.add(2, false);

    assertThat(onlyNegatives.area()).isEmpty();
    assertThat(new RankAuc(0).area()).isEmpty();
  }

  @Test
  void scoresThatAreNotFiniteAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new RankAuc(1).add(Float.NaN, true));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RankAuc(1).add(Float.POSITIVE_INFINITY, true));
  }

  private static double area(float[] scores, boolean[] positive) {
    RankAuc auc = new RankAuc(scores.length);
    for (int i = 0; i < scores.length; i++) {
      auc.add(scores[i], positive[i]);
    }
    return auc.area().orElseThrow();
  }

  private static double byPairs(float[] scores, boolean[] positive) {
    double wins = 0;
    int pairs = 0;
    for (int i = 0; i < scores.length; i++) {
      for (int j = 0; j < scores.length; j++) {
        if (positive[i] && !positive[j]) {
          pairs++;
          wins += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
        }
      }
    }
    return wins / pairs;
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SplitMix64Test {

  private static final long[] SEEDS = {0, 1, -1, 42, Long.MIN_VALUE, 0x9E3779B97F4A7C15L};

  @Test
  void isTheSequenceOfSplittableRandom() {
    for (long seed : SEEDS) {
      SplittableRandom random = new SplittableRandom(seed);
      for (int i = 0; i < 1000; i++) {
        assertThat(SplitMix64.longAt(seed, i)).isEqualTo(random.nextLong());
      }
    }
  }

  @Test
  void doublesAreThoseOfSplittableRandom() {
    for (long seed : SEEDS) {
      SplittableRandom random = new SplittableRandom(seed);
      for (int i = 0; i < 1000; i++) {
        assertThat(SplitMix64.doubleAt(seed, i)).isEqualTo(random.nextDouble());
      }
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.client.memory;

import anabranch.client.data.Dataset;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Samples of noise, made when they are asked for: nothing lies in memory. The classes take turns.
 *
 * @param size number of samples
 * @param shape of one
 */
record NoiseSamples(int size, List<Integer> shape, int classes) implements Dataset {

  @Override
  public int label(int sample) {
    return sample % classes;
  }

  @Override
  public void copyFeatures(int sample, float[] target, int offset) {
    SplittableRandom random = new SplittableRandom(sample);
    for (int i = 0; i < features(); i++) {
      target[offset + i] = (float) random.nextDouble(-1, 1);
    }
  }
}

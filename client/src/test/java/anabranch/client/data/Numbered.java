// SPDX-License-Identifier: Apache-2.0
package anabranch.client.data;

import java.util.List;

/**
 * Samples without features whose labels go round through the classes; up to nine classes are
 * natural groups as well.
 */
record Numbered(int size, int classes) implements Dataset {

  /** Every sample is a class of its own, so that its label tells its number. */
  static Numbered upTo(int samples) {
    return new Numbered(samples, 1_000_000);
  }

  @Override
  public List<Integer> shape() {
    return List.of();
  }

  @Override
  public int label(int sample) {
    return sample % classes;
  }

  @Override
  public int groups() {
    return classes < 10 ? classes : 1;
  }

  @Override
  public int group(int sample) {
    return sample % groups();
  }

  @Override
  public void copyFeatures(int sample, float[] target, int offset) {
    throw new UnsupportedOperationException("there are only labels");
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.client.data;

import java.util.List;
import java.util.Objects;

/** Some samples of another data set, in an order of their own, without a copy. */
record DatasetView(Dataset whole, int[] samples) implements Dataset {

  DatasetView {
    for (int sample : samples) {
      Objects.checkIndex(sample, whole.size());
    }
  }

  @Override
  public int size() {
    return samples.length;
  }

  @Override
  public List<Integer> shape() {
    return whole.shape();
  }

  @Override
  public int classes() {
    return whole.classes();
  }

  @Override
  public int label(int sample) {
    return whole.label(samples[sample]);
  }

  @Override
  public int groups() {
    return whole.groups();
  }

  @Override
  public int group(int sample) {
    return whole.group(samples[sample]);
  }

  @Override
  public void copyFeatures(int sample, float[] target, int offset) {
    whole.copyFeatures(samples[sample], target, offset);
  }

  @Override
  public String toString() {
    return "%d of %s".formatted(samples.length, whole);
  }
}

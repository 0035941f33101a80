// SPDX-License-Identifier: Apache-2.0
package anabranch.client.data;

import java.util.List;
import java.util.Objects;

/** Rows of a table: one vector of features, a label and a natural group each. */
final class LabelledRows implements Dataset {

  private final float[][] features;
  private final int[] labels;
  private final int[] groupNumbers;
  private final int width;
  private final int classes;
  private final int groups;

  /**
   * @param features by row, each of the given width, ready for the network
   * @param labels by row, each below {@code classes}
   * @param groupNumbers by row, each below {@code groups}
   */
  LabelledRows(
      float[][] features, int[] labels, int[] groupNumbers, int width, int classes, int groups) {
    this.features = features;
    this.labels = labels;
    this.groupNumbers = groupNumbers;
    this.width = width;
    this.classes = classes;
    this.groups = groups;
  }

  @Override
  public int size() {
    return labels.length;
  }

  @Override
  public List<Integer> shape() {
    return List.of(width);
  }

  @Override
  public int classes() {
    return classes;
  }

  @Override
  public int label(int sample) {
    return labels[sample];
  }

  @Override
  public int groups() {
    return groups;
  }

  @Override
  public int group(int sample) {
    return groupNumbers[sample];
  }

  @Override
  public void copyFeatures(int sample, float[] target, int offset) {
    Objects.checkIndex(sample, size());
    System.arraycopy(features[sample], 0, target, offset, width);
  }

  @Override
  public String toString() {
    return "%d rows of %d features".formatted(size(), width);
  }
}

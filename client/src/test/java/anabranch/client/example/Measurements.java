// SPDX-License-Identifier: Apache-2.0
package anabranch.client.example;

import anabranch.client.data.Dataset;
import java.util.List;

/** Data of one's own, as {@code docs/data.md} shows it. */
record Measurements(float[][] rows, int[] labels) implements Dataset {

  @Override
  public int size() {
    return labels.length;
  }

  @Override
  public List<Integer> shape() {
    return List.of(rows[0].length);
  }

  @Override
  public int classes() {
    return 2;
  }

  @Override
  public int label(int sample) {
    return labels[sample];
  }

  @Override
  public void copyFeatures(int sample, float[] target, int offset) {
    System.arraycopy(rows[sample], 0, target, offset, rows[sample].length);
  }
}

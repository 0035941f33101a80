// SPDX-License-Identifier: Apache-2.0
package anabranch.client.train.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import anabranch.client.data.Dataset;
import java.util.List;

/**
 * Some samples of a data set.
 *
 * @param features one sample after the other
 * @param shape of one sample
 * @param labels one a sample
 * @param classes of the data set
 */
record Batch(float[] features, List<Integer> shape, int[] labels, int classes) {

  /** The samples {@code order[from]} to {@code order[to - 1]}. */
  static Batch of(Dataset data, int[] order, int from, int to) {
    int width = data.features();
    float[] features = new float[(to - from) * width];
    int[] labels = new int[to - from];
    for (int i = from; i < to; i++) {
      data.copyFeatures(order[i], features, (i - from) * width);
      labels[i - from] = data.label(order[i]);
    }
    return new Batch(features, data.shape(), labels, data.classes());
  }

  int size() {
    return labels.length;
  }

  /**
   * The features as (batch, shape of a sample).
   *
   * @param staging where they lie; they are good until it is used again
   */
  NDArray featuresIn(NDManager manager, Staging staging) {
    long[] axes = new long[shape.size() + 1];
    axes[0] = labels.length;
    for (int i = 0; i < shape.size(); i++) {
      axes[i + 1] = shape.get(i);
    }
    return staging.view(features, 0, new Shape(axes), manager);
  }

  /** How many rows of logits (batch × classes) have their greatest value at the label. */
  int countCorrect(float[] logits) {
    int width = logits.length / labels.length;
    int correct = 0;
    for (int i = 0; i < labels.length; i++) {
      int best = 0;
      for (int c = 1; c < width; c++) {
        if (logits[i * width + c] > logits[i * width + best]) {
          best = c;
        }
      }
      correct += best == labels[i] ? 1 : 0;
    }
    return correct;
  }
}

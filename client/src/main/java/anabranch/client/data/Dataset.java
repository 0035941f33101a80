// SPDX-License-Identifier: Apache-2.0
package anabranch.client.data;

import java.util.List;

/**
 * Labelled samples of one shape, in memory and unchanging: safe for any number of threads.
 *
 * <p>Samples are numbered from 0. Features come ready for the network, so whoever implements this
 * normalises them.
 */
public interface Dataset {

  /** Number of samples. */
  int size();

  /** Shape of one sample's features, such as {@code [1, 28, 28]} (channels, height, width). */
  List<Integer> shape();

  /** Number of classes; labels are below it. */
  int classes();

  /** Class of a sample, from 0. */
  int label(int sample);

  /**
   * Writes the features of a sample, row-major, as many as the product of {@link #shape()}.
   *
   * @param target where they are written to
   * @param offset of the first feature in {@code target}
   */
  void copyFeatures(int sample, float[] target, int offset);

  /** Number of natural groups, such as sites or writers; 1 where nothing is known of them. */
  default int groups() {
    return 1;
  }

  /** Natural group that a sample comes from, from 0. */
  default int group(int sample) {
    return 0;
  }

  /** Number of features of one sample. */
  default int features() {
    return shape().stream().reduce(1, Math::multiplyExact);
  }

  /**
   * A view of some of the samples, numbered in the order given.
   *
   * @throws IndexOutOfBoundsException if a sample does not exist
   */
  default Dataset subset(int[] samples) {
    return new DatasetView(this, samples.clone());
  }
}

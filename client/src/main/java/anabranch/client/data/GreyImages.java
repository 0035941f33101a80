// SPDX-License-Identifier: Apache-2.0
package anabranch.client.data;

import java.util.List;
import java.util.Objects;

/** Grey-scale images of one size, kept as bytes and normalised when they are read. */
final class GreyImages implements Dataset {

  private final IdxArray images;
  private final IdxArray labels;
  private final int classes;
  private final float[] normalised;

  /**
   * @param images of shape (samples, height, width)
   * @param labels of shape (samples), each below {@code classes}
   * @param mean of all pixels of the training data, where black is 0 and white is 1
   * @param deviation their standard deviation
   * @throws IllegalArgumentException if the arrays do not fit each other
   */
  GreyImages(IdxArray images, IdxArray labels, int classes, double mean, double deviation) {
    if (images.shape().size() != 3 || labels.shape().size() != 1) {
      throw new IllegalArgumentException(
          "images must have 3 axes and labels 1, not %s and %s"
              .formatted(images.shape(), labels.shape()));
    }
    if (!images.shape().get(0).equals(labels.shape().get(0))) {
      throw new IllegalArgumentException(
          "%d images but %d labels: the files do not belong together"
              .formatted(images.shape().get(0), labels.shape().get(0)));
    }
    for (byte label : labels.values()) {
      if (Byte.toUnsignedInt(label) >= classes) {
        throw new IllegalArgumentException(
            "label %d found, expected less than %d".formatted(Byte.toUnsignedInt(label), classes));
      }
    }
    this.images = images;
    this.labels = labels;
    this.classes = classes;
    this.normalised = new float[256];
    for (int grey = 0; grey < 256; grey++) {
      normalised[grey] = (float) ((grey / 255.0 - mean) / deviation);
    }
  }

  @Override
  public int size() {
    return labels.values().length;
  }

  @Override
  public List<Integer> shape() {
    return List.of(1, images.shape().get(1), images.shape().get(2));
  }

  @Override
  public int classes() {
    return classes;
  }

  @Override
  public int label(int sample) {
    return Byte.toUnsignedInt(labels.values()[sample]);
  }

  @Override
  public void copyFeatures(int sample, float[] target, int offset) {
    Objects.checkIndex(sample, size());
    int pixels = features();
    int from = sample * pixels;
    for (int i = 0; i < pixels; i++) {
      target[offset + i] = normalised[Byte.toUnsignedInt(images.values()[from + i])];
    }
  }

  @Override
  public String toString() {
    return "%d images %d × %d".formatted(size(), shape().get(1), shape().get(2));
  }
}

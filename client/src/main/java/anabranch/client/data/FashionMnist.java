// SPDX-License-Identifier: Apache-2.0
package anabranch.client.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * Fashion-MNIST: articles of clothing, 28 × 28 grey pixels, 10 classes (Xiao et al. 2017,
 * arXiv:1708.07747). Shipped are 12,000 training images (the first 1,200 of each class) and all
 * 10,000 test images.
 *
 * @param train samples to train on
 * @param test samples to evaluate on, never trained on
 */
public record FashionMnist(Dataset train, Dataset test) {

  private static final int CLASSES = 10;
  // Over the pixels of the 60,000 training images.
  private static final double MEAN = 0.2860;
  private static final double DEVIATION = 0.3530;

  /** The shipped part. Each call reads it anew, 17 MB. */
  public static FashionMnist shipped() {
    try {
      return read(DataFiles.shipped("fashion-mnist"));
    } catch (IOException e) {
      throw new UncheckedIOException("the shipped Fashion-MNIST cannot be read", e);
    }
  }

  /**
   * The files of a folder, under their usual names ({@code train-images-idx3-ubyte}, …), plain or
   * with suffix {@code .gz}.
   *
   * @throws IOException if a file is missing or damaged, or the files do not fit each other
   */
  public static FashionMnist in(Path folder) throws IOException {
    return read(DataFiles.in(folder));
  }

  private static FashionMnist read(DataFiles files) throws IOException {
    return new FashionMnist(images(files, "train"), images(files, "t10k"));
  }

  private static Dataset images(DataFiles files, String part) throws IOException {
    IdxArray images = files.read(part + "-images-idx3-ubyte", IdxArray::read);
    IdxArray labels = files.read(part + "-labels-idx1-ubyte", IdxArray::read);
    try {
      return new GreyImages(images, labels, CLASSES, MEAN, DEVIATION);
    } catch (IllegalArgumentException e) {
      throw new IOException(part + " images and labels: " + e.getMessage(), e);
    }
  }
}

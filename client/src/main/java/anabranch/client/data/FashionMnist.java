// SPDX-License-Identifier: Apache-2.0
package anabranch.client.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Fashion-MNIST: articles of clothing, 28 × 28 grey pixels, 10 classes. Shipped are 12,000 training
 * images (the first 1,200 of each class) and all 10,000 test images.
 *
 * @param train samples to train on
 * @param test samples to evaluate on, never trained on
 */
public record FashionMnist(Dataset train, Dataset test) {

  private static final int CLASSES = 10;
  // Over the pixels of the 60,000 training images.
  private static final double MEAN = 0.2860;
  private static final double DEVIATION = 0.3530;

  /** Opens one of the four files by its usual name, without the suffix {@code .gz}. */
  private interface Source {
    InputStream open(String name) throws IOException;
  }

  /** The shipped part. Each call reads it anew, 17 MB. */
  public static FashionMnist shipped() {
    try {
      return read(
          name -> {
            String resource = "fashion-mnist/" + name + ".gz";
            InputStream file = FashionMnist.class.getResourceAsStream(resource);
            if (file == null) {
              throw new NoSuchFileException(resource, null, "missing in the jar: build it again");
            }
            return file;
          });
    } catch (IOException e) {
      throw new UncheckedIOException("the shipped Fashion-MNIST cannot be read", e);
    }
  }

  /**
   * The files of a folder, under their usual names ({@code train-images-idx3-ubyte}, …), plain or
   * with suffix {@code .gz}.
   *
   * @throws IOException if a file is missing or damaged
   */
  public static FashionMnist in(Path folder) throws IOException {
    return read(
        name -> {
          Path plain = folder.resolve(name);
          Path gzipped = folder.resolve(name + ".gz");
          if (!Files.exists(plain) && !Files.exists(gzipped)) {
            throw new NoSuchFileException(
                plain.toString(), null, "neither this file nor %s.gz exists".formatted(name));
          }
          return Files.newInputStream(Files.exists(plain) ? plain : gzipped);
        });
  }

  private static FashionMnist read(Source files) throws IOException {
    return new FashionMnist(images(files, "train"), images(files, "t10k"));
  }

  private static Dataset images(Source files, String part) throws IOException {
    return new GreyImages(
        array(files, part + "-images-idx3-ubyte"),
        array(files, part + "-labels-idx1-ubyte"),
        CLASSES,
        MEAN,
        DEVIATION);
  }

  private static IdxArray array(Source files, String name) throws IOException {
    try (InputStream file = files.open(name)) {
      return IdxArray.read(file, name);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.client.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DatasetCatalogTest {

  private static final byte[] ONE_IMAGE = {0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 9};
  private static final byte[] ONE_LABEL = {0, 0, 8, 1, 0, 0, 0, 1, 4};

  @ParameterizedTest
  @EnumSource
  void shippedDataCanBeDividedByTheirDefaults(DatasetCatalog entry) throws IOException {
    FederatedDataset data = DatasetCatalog.named(entry.label()).open(Optional.empty());

    FederatedDataset.Defaults defaults = data.defaults();
    assertThat(data.name()).isEqualTo(entry.label());
    assertThat(defaults.partition().divide(data.train(), defaults.clients(), 1))
        .hasSize(defaults.clients());
    assertThat(defaults.cohort()).isBetween(1, defaults.clients());
    assertThat(data.test().size()).isPositive();
    assertThat(data.classes()).isEqualTo(data.test().classes());
  }

  @Test
  void aFolderReplacesWhatIsShipped(@TempDir Path folder) throws IOException {
    for (String part : new String[] {"train", "t10k"}) {
      Files.write(folder.resolve(part + "-images-idx3-ubyte"), ONE_IMAGE);
      Files.write(folder.resolve(part + "-labels-idx1-ubyte"), ONE_LABEL);
    }

    FederatedDataset data = DatasetCatalog.FASHION_MNIST.open(Optional.of(folder));

    assertThat(data.train().size()).isEqualTo(1);
    assertThat(data.train().label(0)).isEqualTo(4);
  }

  @Test
  void filesThatDoNotBelongTogetherAreRefused(@TempDir Path folder) throws IOException {
    Files.write(folder.resolve("train-images-idx3-ubyte"), ONE_IMAGE);
    Files.write(
        folder.resolve("train-labels-idx1-ubyte"), new byte[] {0, 0, 8, 1, 0, 0, 0, 2, 4, 5});

    assertThatIOException()
        .isThrownBy(() -> DatasetCatalog.FASHION_MNIST.open(Optional.of(folder)))
        .withMessageContaining("train images and labels: 1 images but 2 labels");
    Files.write(folder.resolve("train-labels-idx1-ubyte"), new byte[] {0, 0, 8, 1, 0, 0, 0, 1, 77});
    assertThatIOException()
        .isThrownBy(() -> DatasetCatalog.FASHION_MNIST.open(Optional.of(folder)))
        .withMessageContaining("label 77 found, expected less than 10");
  }

  @Test
  void unknownNamesAreRefusedWithThoseThatExist() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DatasetCatalog.named("cifar"))
        .withMessage("data set 'cifar' is not known, choose one of fashion-mnist, hospital");
  }
}

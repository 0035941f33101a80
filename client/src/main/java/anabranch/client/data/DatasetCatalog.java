// SPDX-License-Identifier: Apache-2.0
package anabranch.client.data;

import anabranch.protocol.message.TrainingSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The data sets that every command knows by name. Opening one is the only place where a name turns
 * into data:
 *
 * <pre>{@code
 * FederatedDataset data = DatasetCatalog.named("hospital").open(Optional.empty());
 * }</pre>
 */
public enum DatasetCatalog {

  /** {@link FashionMnist}; a folder gives the full set, or another of its format. */
  FASHION_MNIST(
      "fashion-mnist",
      new FederatedDataset.Defaults(
          20,
          10,
          40,
          new DirichletPartition(0.5),
          "conv-small",
          Map.of(),
          new TrainingSettings(1, 20, 0.05, 0, 0, Map.of()))) {
    @Override
    FederatedDataset.Samples read(Optional<Path> folder) throws IOException {
      FashionMnist images =
          folder.isPresent() ? FashionMnist.in(folder.get()) : FashionMnist.shipped();
      return new FederatedDataset.Samples(images.train(), images.test());
    }
  },

  /** {@link Hospital}: six sites, so six clients, all in every round. */
  HOSPITAL(
      "hospital",
      new FederatedDataset.Defaults(
          6,
          6,
          12,
          new NaturalPartition(),
          "mlp",
          Map.of("hidden", "64,32"),
          new TrainingSettings(1, 64, 0.05, 0.9, 0, Map.of()))) {
    @Override
    FederatedDataset.Samples read(Optional<Path> folder) throws IOException {
      Hospital years = folder.isPresent() ? Hospital.in(folder.get()) : Hospital.shipped();
      return new FederatedDataset.Samples(years.train(), years.test());
    }
  };

  private final String label;
  private final FederatedDataset.Defaults defaults;

  DatasetCatalog(String label, FederatedDataset.Defaults defaults) {
    this.label = label;
    this.defaults = defaults;
  }

  abstract FederatedDataset.Samples read(Optional<Path> folder) throws IOException;

  /** Name on the command line. */
  public String label() {
    return label;
  }

  /** What suits the data set where a user asks for nothing else. */
  public FederatedDataset.Defaults defaults() {
    return defaults;
  }

  /**
   * Reads the data set.
   *
   * @param folder with the files, or empty for those that are shipped
   * @throws IOException if a file is missing or damaged; the message names it
   */
  public FederatedDataset open(Optional<Path> folder) throws IOException {
    FederatedDataset.Samples samples = read(folder);
    if (samples.train().size() == 0 || samples.test().size() == 0) {
      throw new IOException(
          "data set %s has %d training and %d test samples, both are needed"
              .formatted(label, samples.train().size(), samples.test().size()));
    }
    return new FederatedDataset(label, samples.train(), samples.test(), defaults);
  }

  /** The names of all, as people may choose from them. */
  public static String labels() {
    return Arrays.stream(values()).map(DatasetCatalog::label).collect(Collectors.joining(", "));
  }

  /**
   * @throws IllegalArgumentException if there is no data set of that name
   */
  public static DatasetCatalog named(String label) {
    return Arrays.stream(values())
        .filter(dataset -> dataset.label.equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "data set '%s' is not known, choose one of %s".formatted(label, labels())));
  }
}

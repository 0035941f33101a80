// SPDX-License-Identifier: Apache-2.0
package anabranch.client.fleet;

import anabranch.client.data.Dataset;
import anabranch.client.data.DatasetCatalog;
import anabranch.client.data.LocalData;
import anabranch.client.data.Partition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A data set and how it is divided among clients, so that each can take its share by itself.
 *
 * @param dataset of the catalogue
 * @param folder with the data set's files, null for the shipped ones
 * @param partition in the notation of {@link Partition#parse}
 * @param clients number of shares
 * @param seed of the division and of what is held out
 * @param heldOut share of each client's samples that it only measures with, 0 to below 1
 */
public record FleetData(
    DatasetCatalog dataset, Path folder, String partition, int clients, long seed, double heldOut) {

  /**
   * @throws IllegalArgumentException if the partition is unknown or the data cannot be divided so
   */
  public FleetData {
    Partition.parse(partition);
  }

  /**
   * The share of one client.
   *
   * @param number of the client, from 0
   * @throws IOException if the files cannot be read
   */
  public LocalData share(int number) throws IOException {
    Dataset train = read();
    return cut(train, divide(train).get(number));
  }

  /**
   * The shares of all clients.
   *
   * @throws IOException if the files cannot be read
   */
  public List<LocalData> shares() throws IOException {
    Dataset train = read();
    return divide(train).stream().map(share -> cut(train, share)).toList();
  }

  private Dataset read() throws IOException {
    return dataset.open(Optional.ofNullable(folder)).train();
  }

  private List<int[]> divide(Dataset train) {
    return Partition.parse(partition).divide(train, clients, seed);
  }

  private LocalData cut(Dataset train, int[] share) {
    return LocalData.split(train.subset(share), heldOut, seed);
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment;

import anabranch.client.data.Dataset;
import anabranch.client.data.FederatedDataset;
import anabranch.client.data.IidPartition;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What of a data set a run trains on, and on what it is measured: with a share of the training
 * samples on the others of them, so that nothing is chosen by the test samples.
 *
 * @param trained samples that are divided among clients
 * @param measured samples on which accuracy is measured
 */
public record TrainingPart(Dataset trained, Dataset measured) {

  /**
   * @param share of the training samples, 1 for all and the test samples beside them
   * @param seed of the draw
   */
  public static TrainingPart of(FederatedDataset data, double share, long seed) {
    if (share == 1) {
      return new TrainingPart(data.train(), data.test());
    }
    int parts = (int) Math.round(1 / share);
    List<int[]> divided = new IidPartition().divide(data.train(), parts, seed);
    int[] others =
        divided.stream().skip(1).flatMapToInt(IntStream::of).limit(data.test().size()).toArray();
    return new TrainingPart(data.train().subset(divided.get(0)), data.train().subset(others));
  }
}

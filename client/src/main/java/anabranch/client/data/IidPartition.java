// SPDX-License-Identifier: Apache-2.0
package anabranch.client.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Samples in random order, cut into parts whose sizes differ by at most one. */
public record IidPartition() implements Partition {

  @Override
  public List<int[]> divide(Dataset data, int clients, long seed) {
    Partition.checkClients(data, clients);
    int[] order = IntStream.range(0, data.size()).toArray();
    Shuffle.inPlace(order, new SplittableRandom(seed));
    List<int[]> parts = new ArrayList<>();
    for (int client = 0; client < clients; client++) {
      int from = (int) ((long) order.length * client / clients);
      int to = (int) ((long) order.length * (client + 1) / clients);
      int[] part = Arrays.copyOfRange(order, from, to);
      Arrays.sort(part);
      parts.add(part);
    }
    return parts;
  }

  @Override
  public String toString() {
    return "iid";
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.client.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Each client is what the data come from: a site, a person, a writer ({@link Dataset#group}). With
 * as many clients as there are groups, client i has group i; with fewer, groups are dealt in turn,
 * each to one client as a whole. Nothing is random, so the seed does not matter.
 */
public record NaturalPartition() implements Partition {

  @Override
  public List<int[]> divide(Dataset data, int clients, long seed) {
    if (data.groups() < 2) {
      throw new IllegalArgumentException(
          "the data set has no natural groups: divide it by iid, shard(N) or dirichlet(ALPHA)");
    }
    int[] order = orderOfGroups(data);
    int present = (int) Arrays.stream(order).filter(place -> place >= 0).count();
    if (clients < 1 || clients > present) {
      throw new IllegalArgumentException(
          "%d natural groups cannot be divided among %d clients: choose 1 to %d"
              .formatted(present, clients, present));
    }
    List<IntStream.Builder> parts = new ArrayList<>();
    for (int client = 0; client < clients; client++) {
      parts.add(IntStream.builder());
    }
    for (int sample = 0; sample < data.size(); sample++) {
      parts.get(order[data.group(sample)] % clients).add(sample);
    }
    return parts.stream().map(part -> part.build().toArray()).toList();
  }

  /** Place of each group among those that have samples, -1 for the others. */
  private static int[] orderOfGroups(Dataset data) {
    boolean[] present = new boolean[data.groups()];
    for (int sample = 0; sample < data.size(); sample++) {
      present[data.group(sample)] = true;
    }
    int[] order = new int[present.length];
    int next = 0;
    for (int group = 0; group < present.length; group++) {
      order[group] = present[group] ? next++ : -1;
    }
    return order;
  }

  @Override
  public String toString() {
    return "natural";
  }
}

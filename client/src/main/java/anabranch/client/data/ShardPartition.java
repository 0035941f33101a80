// SPDX-License-Identifier: Apache-2.0
package anabranch.client.data;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Samples sorted by label, cut into equal shards, of which each client draws the same number
 * without replacement: with two shards most clients know two classes (McMahan et al. 2017, section
 * 3).
 *
 * @param shards of a client, at least 1
 */
public record ShardPartition(int shards) implements Partition {

  public ShardPartition {
    if (shards < 1) {
      throw new IllegalArgumentException("a client needs at least 1 shard, not " + shards);
    }
  }

  @Override
  public List<int[]> divide(Dataset data, int clients, long seed) {
    Partition.checkClients(data, clients);
    long wanted = (long) clients * shards;
    if (wanted > data.size()) {
      throw new IllegalArgumentException(
          "%d samples cannot be cut into %d shards (%d clients × %d): choose fewer"
              .formatted(data.size(), wanted, clients, shards));
    }
    int[] byLabel =
        IntStream.range(0, data.size())
            .boxed()
            .sorted(Comparator.comparingInt(data::label))
            .mapToInt(Integer::intValue)
            .toArray();
    int[] deck = IntStream.range(0, (int) wanted).toArray();
    Shuffle.inPlace(deck, new SplittableRandom(seed));
    List<int[]> parts = new ArrayList<>();
    for (int client = 0; client < clients; client++) {
      IntStream drawn =
          IntStream.range(client * shards, (client + 1) * shards)
              .flatMap(card -> samples(deck[card], wanted, byLabel));
      parts.add(drawn.sorted().toArray());
    }
    return parts;
  }

  private static IntStream samples(int shard, long shards, int[] byLabel) {
    int from = (int) (byLabel.length * (long) shard / shards);
    int to = (int) (byLabel.length * (shard + 1L) / shards);
    return IntStream.range(from, to).map(i -> byLabel[i]);
  }

  @Override
  public String toString() {
    return "shard(" + shards + ")";
  }
}

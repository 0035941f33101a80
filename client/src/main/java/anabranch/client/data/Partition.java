// SPDX-License-Identifier: Apache-2.0
package anabranch.client.data;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A way to divide a data set among clients. Every sample goes to exactly one client, every client
 * gets at least one, and the same seed gives the same division.
 */
public sealed interface Partition
    permits IidPartition, ShardPartition, DirichletPartition, NaturalPartition {

  /** What {@link #parse} reads, for help texts and messages. */
  String NOTATIONS = "iid, shard(N), dirichlet(ALPHA), natural";

  /** A kind and its number. */
  Pattern NOTATION = Pattern.compile("(?<kind>shard|dirichlet)\\((?<number>[^()]+)\\)");

  /**
   * @param data to divide
   * @param clients number of clients, 1 to the number of samples
   * @param seed of every random choice
   * @return sample numbers by client, rising
   * @throws IllegalArgumentException if the data cannot be divided so
   */
  List<int[]> divide(Dataset data, int clients, long seed);

  /**
   * Reads {@code iid}, {@code shard(2)}, {@code dirichlet(0.5)} or {@code natural}.
   *
   * @throws IllegalArgumentException for anything else
   */
  static Partition parse(String text) {
    Matcher matcher = NOTATION.matcher(text);
    try {
      if (text.equals("iid")) {
        return new IidPartition();
      }
      if (text.equals("natural")) {
        return new NaturalPartition();
      }
      if (matcher.matches() && matcher.group("kind").equals("shard")) {
        return new ShardPartition(Integer.parseInt(matcher.group("number")));
      }
      if (matcher.matches()) {
        return new DirichletPartition(Double.parseDouble(matcher.group("number")));
      }
    } catch (NumberFormatException e) {
      // The message below says what is allowed.
    }
    throw new IllegalArgumentException("partition '%s' is none of %s".formatted(text, NOTATIONS));
  }

  /** Refuses a number of clients that cannot all get a sample. */
  static void checkClients(Dataset data, int clients) {
    if (clients < 1 || clients > data.size()) {
      throw new IllegalArgumentException(
          "%d samples cannot be divided among %d clients: choose 1 to %d"
              .formatted(data.size(), clients, data.size()));
    }
  }
}

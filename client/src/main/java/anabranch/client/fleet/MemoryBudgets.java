// SPDX-License-Identifier: Apache-2.0
package anabranch.client.fleet;

import anabranch.client.memory.Account;
import anabranch.client.memory.MemoryNeed;
import anabranch.client.model.ModelDefinition;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Memory of simulated clients: for each a share of what training the whole model takes, uniform
 * between 100/840 and 900/840, so that about 8 of 100 can train it. These are the shares of ProFL's
 * code (arXiv:2404.13349): 100 to 900 MB where ResNet-18 takes 840.
 *
 * @param bytes of each client
 */
public record MemoryBudgets(List<Long> bytes) {

  private static final int LEAST = 100;
  private static final int MOST = 900;
  private static final int FULL = 840;

  public MemoryBudgets {
    bytes = List.copyOf(bytes);
  }

  /**
   * @param fullBytes that training the whole model takes
   */
  public static MemoryBudgets draw(long fullBytes, int clients, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return new MemoryBudgets(
        IntStream.range(0, clients)
            .mapToObj(client -> fullBytes * random.nextInt(LEAST, MOST + 1) / FULL)
            .toList());
  }

  /**
   * Shares of what training a network as a whole takes, as accounted, with a loss without terms of
   * nHSIC: only stages need these.
   */
  public static MemoryBudgets draw(
      ModelDefinition network, MemoryNeed need, int clients, long seed) {
    Account whole = Account.of(network, Account.whole(network), false);
    return draw(need.accounted(whole), clients, seed);
  }

  /** With so many bytes more for each. */
  public MemoryBudgets plus(long more) {
    return new MemoryBudgets(bytes.stream().map(budget -> budget + more).toList());
  }

  /** Of the poorest client. */
  public long least() {
    return bytes.stream().mapToLong(Long::longValue).min().orElseThrow();
  }

  /** How many clients have so much. */
  public int atLeast(long need) {
    return (int) bytes.stream().filter(budget -> budget >= need).count();
  }

  /**
   * Keys of a federation whose stages find a cohort among these clients, each {@code key=value}: it
   * waits for everybody who can train a stage, and each stage gets as many as the rarest one.
   *
   * @param size of a cohort, less where fewer have the memory for a stage
   * @param required bytes that training each stage takes, one number where there are no stages
   * @throws IllegalArgumentException if no client has as much as a stage takes
   */
  public List<String> cohort(int size, List<Long> required) {
    long most = Collections.max(required);
    int fewest = atLeast(most);
    if (fewest == 0) {
      throw new IllegalArgumentException(
          ("stage %d takes %d bytes, and none of %d clients has as much: add clients, or choose"
                  + " another seed")
              .formatted(required.indexOf(most) + 1, most, bytes.size()));
    }
    return List.of(
        "cohort.required-memory="
            + required.stream().map(need -> need + "b").collect(Collectors.joining(",")),
        // Whom the seed draws must not depend on who checked in first.
        "cohort.min-available=" + atLeast(Collections.min(required)),
        "cohort.size=" + Math.min(size, fewest));
  }
}

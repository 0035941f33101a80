// SPDX-License-Identifier: Apache-2.0
package anabranch.client.fleet;

import java.util.List;
import java.util.SplittableRandom;
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

  /** How many clients have what one of these needs takes at least. */
  public int forAny(List<Long> needs) {
    return atLeast(needs.stream().mapToLong(Long::longValue).min().orElseThrow());
  }

  /** How many clients at least have what each of these needs takes. */
  public int forEach(List<Long> needs) {
    return atLeast(needs.stream().mapToLong(Long::longValue).max().orElseThrow());
  }
}

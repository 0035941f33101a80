// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which blocks a round trains. It depends on the completed rounds alone, so a failed round is tried
 * again with the same blocks.
 *
 * @param order how blocks follow each other
 * @param roundsPerBlock completed rounds before the next block has its turn, at least 1
 */
public record BlockSchedule(Order order, int roundsPerBlock) implements Serializable {

  /** How blocks follow each other. */
  public enum Order {
    /** All blocks in every round. */
    WHOLE,
    /** One block at a time, from the first again after the last. */
    ROUND_ROBIN,
    /** One block at a time; the last keeps its turn. */
    SEQUENTIAL
  }

  /** Number of stages for a model of so many blocks. */
  public int stages(int blocks) {
    return order == Order.WHOLE ? 1 : blocks;
  }

  /** The stage, from 1, after so many completed rounds. */
  public int stage(long completedRounds, int blocks) {
    long turn = completedRounds / roundsPerBlock;
    return switch (order) {
      case WHOLE -> 1;
      case ROUND_ROBIN -> (int) (turn % blocks) + 1;
      case SEQUENTIAL -> (int) Math.min(turn, blocks - 1L) + 1;
    };
  }

  /** Indices of the blocks that a stage trains, rising. */
  public List<Integer> trained(int stage, int blocks) {
    return order == Order.WHOLE ? IntStream.range(0, blocks).boxed().toList() : List.of(stage - 1);
  }
}

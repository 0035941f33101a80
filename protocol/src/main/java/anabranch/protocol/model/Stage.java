// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.model;

import java.io.Serializable;
import java.util.List;
import java.util.stream.Stream;

/**
 * What clients train in a round of block-wise training: the network made of the trained and the
 * held blocks, run in the order of their indices. Blocks in neither list are not needed.
 *
 * @param trainBlocks indices of the blocks that change, rising, at least one
 * @param holdBlocks indices of the blocks that are needed but not trained, rising, none of {@code
 *     trainBlocks}
 */
public record Stage(List<Integer> trainBlocks, List<Integer> holdBlocks) implements Serializable {

  public Stage {
    trainBlocks = List.copyOf(trainBlocks);
    holdBlocks = List.copyOf(holdBlocks);
    if (trainBlocks.isEmpty()) {
      throw new IllegalArgumentException("a stage trains at least one block");
    }
    demandRising("trains", trainBlocks);
    demandRising("holds", holdBlocks);
    for (int block : holdBlocks) {
      if (trainBlocks.contains(block)) {
        throw new IllegalArgumentException("a stage cannot train and hold block " + block);
      }
    }
  }

  /** Indices of all blocks of the stage's network, rising. */
  public List<Integer> blocks() {
    return Stream.concat(trainBlocks.stream(), holdBlocks.stream()).sorted().toList();
  }

  private static void demandRising(String verb, List<Integer> blocks) {
    int before = -1;
    for (int block : blocks) {
      if (block <= before) {
        throw new IllegalArgumentException(
            "a stage %s the blocks %s: indices rise, from 0".formatted(verb, blocks));
      }
      before = block;
    }
  }
}

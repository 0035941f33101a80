// SPDX-License-Identifier: Apache-2.0
package anabranch.client.model;

import anabranch.protocol.model.Stage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * A place where a network gives logits. A network has one at its end; several networks that begin
 * with the same blocks are one with an exit for each, on the way to the deepest.
 *
 * @param path indices of the blocks on the way here from the exit before, or from the input
 * @param output index of the block that makes logits of what comes out of the path
 */
public record Exit(List<Integer> path, int output) {

  public Exit {
    path = List.copyOf(path);
  }

  /**
   * The exit of a network that is computed block by block.
   *
   * @param blocks their indices; the forward pass goes through them as they rise
   * @throws IllegalArgumentException if there are none
   */
  public static List<Exit> ofOne(Collection<Integer> blocks) {
    if (blocks.isEmpty()) {
      throw new IllegalArgumentException("a network has at least one block");
    }
    List<Integer> rising = blocks.stream().sorted().toList();
    int last = rising.size() - 1;
    return List.of(new Exit(rising.subList(0, last), rising.get(last)));
  }

  /**
   * The exits of the networks of all these stages together.
   *
   * @param stages each with the way of the stage before, and then more
   * @throws IllegalArgumentException if there are none, or one goes another way
   */
  public static List<Exit> ofAll(List<Stage> stages) {
    if (stages.isEmpty()) {
      throw new IllegalArgumentException(
          "a model without stages has one exit: cut it, one stage an exit");
    }
    List<Exit> exits = new ArrayList<>();
    List<Integer> way = List.of();
    for (Stage stage : stages) {
      List<Integer> blocks = stage.blocks();
      List<Integer> longer = blocks.subList(0, blocks.size() - 1);
      if (longer.size() <= way.size() || !longer.subList(0, way.size()).equals(way)) {
        throw new IllegalArgumentException(
            "the blocks %s are no exit further along the way %s".formatted(blocks, way));
      }
      exits.add(new Exit(longer.subList(way.size(), longer.size()), blocks.get(blocks.size() - 1)));
      way = longer;
    }
    return List.copyOf(exits);
  }

  /** Indices of all blocks of a network with these exits, rising. */
  public static List<Integer> blocks(List<Exit> exits) {
    return exits.stream()
        .flatMap(exit -> Stream.concat(exit.path.stream(), Stream.of(exit.output)))
        .sorted()
        .toList();
  }

  /** Indices of the blocks that the last exit's logits depend on, in the order of computation. */
  public static List<Integer> deepest(List<Exit> exits) {
    return Stream.concat(
            exits.stream().flatMap(exit -> exit.path.stream()),
            Stream.of(exits.get(exits.size() - 1).output))
        .toList();
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.client.model;

import anabranch.protocol.model.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A network's blocks, and the stages in which they can be trained one after the other.
 *
 * <p>The order of the blocks is that of the forward pass: body 1, tail 1, body 2, tail 2, …, the
 * last body, which has no tail, then the output modules of the stages. Stage t runs the bodies and
 * tails up to body and tail t, then output t. It trains body t, tail t, tail t − 1 and output t and
 * holds the rest: so the end of the part before is trained once more together with what uses it.
 *
 * @param blocks in the order of the forward pass
 * @param stages none if the network is trained as a whole
 */
public record StagedBlocks(List<BlockDefinition> blocks, List<Stage> stages) {

  public StagedBlocks {
    blocks = List.copyOf(blocks);
    stages = List.copyOf(stages);
  }

  /**
   * What a part of a network consists of.
   *
   * @param body its layers but for the tail
   * @param tail its last layers, which are trained in the next stage too; none if it has no tail
   */
  public record Part(List<Layer> body, List<Layer> tail) {

    public Part {
      body = List.copyOf(body);
      tail = List.copyOf(tail);
    }
  }

  /**
   * The smallest piece of a network that a part can end behind, such as a residual unit.
   *
   * @param first its layers up to the tail
   * @param tail its last layers
   */
  record Unit(List<Layer> first, List<Layer> tail) {}

  /**
   * Puts units together to parts.
   *
   * @param stem layers before the first unit
   * @param cuts numbers of units after which a new part begins, rising
   * @param tails whether all parts but the last have a tail, that of their last unit
   */
  static List<Part> parts(List<Layer> stem, List<Unit> units, List<Integer> cuts, boolean tails) {
    List<Part> parts = new ArrayList<>();
    List<Layer> body = new ArrayList<>(stem);
    for (int i = 1; i <= units.size(); i++) {
      Unit unit = units.get(i - 1);
      body.addAll(unit.first());
      if (tails && cuts.contains(i)) {
        parts.add(new Part(body, unit.tail()));
        body.clear();
      } else {
        body.addAll(unit.tail());
        if (cuts.contains(i) || i == units.size()) {
          parts.add(new Part(body, List.of()));
          body.clear();
        }
      }
    }
    return parts;
  }

  /** A network that is trained as a whole: its parts, and its output. */
  public static StagedBlocks whole(List<Part> parts, List<Layer> output) {
    List<BlockDefinition> blocks = new ArrayList<>();
    for (Part part : parts) {
      List<Layer> layers = Stream.of(part.body(), part.tail()).flatMap(List::stream).toList();
      blocks.add(new BlockDefinition("body" + (blocks.size() + 1), layers));
    }
    blocks.add(new BlockDefinition("output", output));
    return new StagedBlocks(blocks, List.of());
  }

  /**
   * A network with one stage a part.
   *
   * @param parts at least one; the last has no tail
   * @param outputs output module of each stage
   */
  public static StagedBlocks of(List<Part> parts, List<List<Layer>> outputs) {
    List<BlockDefinition> blocks = new ArrayList<>();
    // Of each stage, what it trains but its output: a run of blocks, from the tail before it.
    List<List<Integer>> trained = new ArrayList<>();
    int first = 0;
    for (int t = 1; t <= parts.size(); t++) {
      Part part = parts.get(t - 1);
      blocks.add(new BlockDefinition("body" + t, part.body()));
      int end = blocks.size();
      if (!part.tail().isEmpty()) {
        blocks.add(new BlockDefinition("tail" + t, part.tail()));
      }
      trained.add(range(first, blocks.size()));
      first = end;
    }
    List<Stage> stages = new ArrayList<>();
    for (int t = 1; t <= parts.size(); t++) {
      List<Integer> train = new ArrayList<>(trained.get(t - 1));
      List<Integer> hold = range(0, train.get(0));
      train.add(blocks.size());
      blocks.add(new BlockDefinition("output" + t, outputs.get(t - 1)));
      stages.add(new Stage(train, hold));
    }
    return new StagedBlocks(blocks, stages);
  }

  private static List<Integer> range(int from, int end) {
    return IntStream.range(from, end).boxed().toList();
  }
}

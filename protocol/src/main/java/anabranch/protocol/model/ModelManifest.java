// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.model;

import java.io.Serializable;
import java.util.List;
import java.util.Map;

/**
 * What a federation's model consists of. It is fixed when the model is initialised, stands on
 * {@code <f>.model} under the key {@code manifest}, and every length that the job trusts comes from
 * it.
 *
 * @param architecture name by which clients build the network, such as {@code conv-small}
 * @param settings what the architecture needs to be built (classes, widths), as text
 * @param ring number R of versions that stay on the model topic, at least 2
 * @param blocks in order
 * @param segments over all blocks, in order: each at its index, and those of a block together
 * @param stages of block-wise training, in order; the network of the last is the deployed model.
 *     Empty when the architecture declares none
 */
public record ModelManifest(
    String architecture,
    Map<String, String> settings,
    int ring,
    List<Block> blocks,
    List<Segment> segments,
    List<Stage> stages)
    implements Serializable {

  /** The manifest's record key on the model topic. */
  public static final String KEY = "manifest";

  /** The partition of the model topic on which the manifest lies. */
  public static final int PARTITION = 0;

  /** The manifest of a model that declares no stages. */
  public ModelManifest(
      String architecture,
      Map<String, String> settings,
      int ring,
      List<Block> blocks,
      List<Segment> segments) {
    this(architecture, settings, ring, blocks, segments, List.of());
  }

  public ModelManifest {
    settings = Map.copyOf(settings);
    blocks = List.copyOf(blocks);
    segments = List.copyOf(segments);
    stages = List.copyOf(stages);
    demandOrder(segments);
    demandBlocks(stages, blocks.size());
    if (ring < 2) {
      throw new IllegalArgumentException("the ring must keep at least 2 versions, not " + ring);
    }
  }

  private static void demandOrder(List<Segment> segments) {
    int block = 0;
    for (int i = 0; i < segments.size(); i++) {
      Segment segment = segments.get(i);
      if (segment.index() != i || segment.block() < block) {
        throw new IllegalArgumentException(
            "segment %d of block %d stands at %d, behind one of block %d: they must be in order"
                .formatted(segment.index(), segment.block(), i, block));
      }
      block = segment.block();
    }
  }

  private static void demandBlocks(List<Stage> stages, int blocks) {
    for (int i = 0; i < stages.size(); i++) {
      for (int block : stages.get(i).blocks()) {
        if (block >= blocks) {
          throw new IllegalArgumentException(
              "stage %d names block %d, the model has blocks 0 to %d"
                  .formatted(i + 1, block, blocks - 1));
        }
      }
    }
  }

  /**
   * Indices of the blocks that make up the deployed model, rising: the network of the last stage,
   * or all blocks when the model declares no stages.
   */
  public List<Integer> deployedBlocks() {
    return stages.isEmpty()
        ? blocks.stream().map(Block::index).toList()
        : stages.get(stages.size() - 1).blocks();
  }

  /** Elements of the deployed model: of its blocks, all tensors that travel and are its own. */
  public long deployedSize() {
    return deployedBlocks().stream()
        .flatMap(block -> blocks.get(block).tensors().stream())
        .filter(tensor -> tensor.role().travels() && tensor.role() != Role.AUXILIARY)
        .mapToLong(Tensor::size)
        .sum();
  }

  /** The segments of a block, in order. */
  public List<Segment> segmentsOf(int block) {
    return segments.subList(firstFrom(block), firstFrom(block + 1));
  }

  /** Index of the first segment of this block or one behind it; a model may have thousands. */
  private int firstFrom(int block) {
    int low = 0;
    int high = segments.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (segments.get(middle).block() < block) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Elements of all tensors that travel. */
  public long size() {
    return blocks.stream().mapToLong(Block::size).sum();
  }

  /** The record key of a segment's version on the model topic. */
  public String ringKey(Segment segment, long version) {
    return segment.block() + "/" + segment.index() + "/" + version % ring;
  }
}

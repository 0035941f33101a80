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
 * @param segments over all blocks, in order
 */
public record ModelManifest(
    String architecture,
    Map<String, String> settings,
    int ring,
    List<Block> blocks,
    List<Segment> segments)
    implements Serializable {

  /** The manifest's record key on the model topic. */
  public static final String KEY = "manifest";

  /** The partition of the model topic on which the manifest lies. */
  public static final int PARTITION = 0;

  public ModelManifest {
    settings = Map.copyOf(settings);
    blocks = List.copyOf(blocks);
    segments = List.copyOf(segments);
    if (ring < 2) {
      throw new IllegalArgumentException("the ring must keep at least 2 versions, not " + ring);
    }
  }

  /** The segments of a block, in order. */
  public List<Segment> segmentsOf(int block) {
    return segments.stream().filter(s -> s.block() == block).toList();
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

// SPDX-License-Identifier: Apache-2.0
package anabranch.cli.size;

import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Role;
import anabranch.protocol.model.Segmenter;
import anabranch.protocol.model.Segmenter.BlockShape;
import anabranch.protocol.model.Segmenter.TensorShape;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A model of which only the size is known. */
public final class SizedModel {

  private SizedModel() {}

  /**
   * Blocks of equal size, one tensor each; the last is smaller where they do not divide.
   *
   * @param ring number of versions that stay on the model topic
   * @throws IllegalArgumentException if there are more blocks than parameters, or a block is too
   *     large
   */
  public static ModelManifest of(long parameters, int blocks, int ring) {
    if (parameters < 1 || blocks < 1 || blocks > parameters) {
      throw new IllegalArgumentException(
          "%,d parameters cannot make %,d blocks: a block has at least one, and there is at least one block"
              .formatted(parameters, blocks));
    }
    long each = (parameters + blocks - 1) / blocks;
    if (each > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "a block has at most %,d parameters, not %,d: divide them into at least %,d blocks"
              .formatted(Integer.MAX_VALUE, each, (parameters - 1) / Integer.MAX_VALUE + 1));
    }
    int larger = (int) (parameters - blocks * (parameters / blocks));
    return Segmenter.manifest(
        "sized",
        Map.of(),
        ring,
        IntStream.range(0, blocks)
            .mapToObj(b -> block(b, (int) (parameters / blocks) + (b < larger ? 1 : 0)))
            .toList());
  }

  private static BlockShape block(int index, int parameters) {
    return new BlockShape(
        "block" + index,
        List.of(new TensorShape("weight" + index, List.of(parameters), Role.PARAMETER)));
  }
}

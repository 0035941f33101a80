// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.model;

import java.io.Serializable;
import java.util.List;

/**
 * A part of the model that is trained, versioned and downloaded as one.
 *
 * @param index position in the manifest, from 0
 * @param name unique in the model
 * @param tensors in the order of the block's flat vector
 */
public record Block(int index, String name, List<Tensor> tensors) implements Serializable {

  public Block {
    tensors = List.copyOf(tensors);
  }

  /** Elements of the block's flat vector, all tensors that travel. */
  public int size() {
    return tensors.stream().filter(t -> t.role().travels()).mapToInt(Tensor::size).sum();
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.model;

import java.io.Serializable;
import java.util.List;

/**
 * A named float32 tensor of a block, row-major.
 *
 * @param name unique in the model
 * @param shape lengths of the axes, each at least 1; empty for a scalar
 * @param role what the tensor is to the federation
 * @param offset first element in the block's flat vector; −1 for a tensor of role {@link
 *     Role#LOCAL}, which has no place in it
 */
public record Tensor(String name, List<Integer> shape, Role role, int offset)
    implements Serializable {

  public Tensor {
    shape = List.copyOf(shape);
  }

  /** Number of elements. */
  public int size() {
    long size = 1;
    for (int axis : shape) {
      size = Math.multiplyExact(size, axis);
    }
    return Math.toIntExact(size);
  }
}

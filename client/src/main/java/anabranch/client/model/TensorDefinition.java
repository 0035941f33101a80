// SPDX-License-Identifier: Apache-2.0
package anabranch.client.model;

import anabranch.protocol.model.Role;
import java.util.List;

/**
 * A tensor of a layer, before it has a place in a manifest.
 *
 * @param name unique in the model, such as {@code conv1.weight}
 * @param shape lengths of the axes
 * @param role what the tensor is to the federation; it travels
 * @param initial values in version 0
 */
public record TensorDefinition(String name, List<Integer> shape, Role role, Initial initial) {

  public TensorDefinition {
    shape = List.copyOf(shape);
  }

  /** A tensor of role {@link Role#PARAMETER}. */
  public TensorDefinition(String name, List<Integer> shape, Initial initial) {
    this(name, shape, Role.PARAMETER, initial);
  }

  TensorDefinition as(Role other) {
    return new TensorDefinition(name, shape, other, initial);
  }

  /** Number of elements. */
  public int size() {
    return shape.stream().reduce(1, Math::multiplyExact);
  }
}

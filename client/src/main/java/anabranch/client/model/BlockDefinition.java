// SPDX-License-Identifier: Apache-2.0
package anabranch.client.model;

import anabranch.protocol.model.Role;
import java.util.Comparator;
import java.util.List;

/**
 * Consecutive layers that are trained, versioned and downloaded as one.
 *
 * @param name unique in the model
 * @param layers in the order of the forward pass
 */
public record BlockDefinition(String name, List<Layer> layers) {

  /** As in the vectors of a manifest's blocks. */
  private static final List<Role> ORDER = List.of(Role.PARAMETER, Role.AUXILIARY, Role.BUFFER);

  public BlockDefinition {
    layers = List.copyOf(layers);
  }

  /** The tensors of all layers, in the order of the block's flat vector. */
  public List<TensorDefinition> tensors() {
    return layers.stream()
        .flatMap(layer -> layer.tensors().stream())
        .sorted(Comparator.comparing(tensor -> ORDER.indexOf(tensor.role())))
        .toList();
  }

  /** Number of elements of all tensors. */
  public int size() {
    return tensors().stream().mapToInt(TensorDefinition::size).reduce(0, Math::addExact);
  }
}

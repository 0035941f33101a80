// SPDX-License-Identifier: Apache-2.0
package anabranch.client.model;

import java.util.List;

/**
 * Consecutive layers that are trained, versioned and downloaded as one.
 *
 * @param name unique in the model
 * @param layers in the order of the forward pass
 */
public record BlockDefinition(String name, List<Layer> layers) {

  public BlockDefinition {
    layers = List.copyOf(layers);
  }

  /** The tensors of all layers, in the order of the block's flat vector. */
  public List<TensorDefinition> tensors() {
    return layers.stream().flatMap(layer -> layer.tensors().stream()).toList();
  }
}

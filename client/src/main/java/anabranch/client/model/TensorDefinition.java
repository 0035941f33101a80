// SPDX-License-Identifier: Apache-2.0
package anabranch.client.model;

import java.util.List;

/**
 * A trained tensor of a layer, before it has a place in a manifest.
 *
 * @param name unique in the model, such as {@code conv1.weight}
 * @param shape lengths of the axes
 * @param initialBound initial values are uniform in [−bound, bound); √(6 / fan-in) before a ReLU
 *     keeps the variance of activations (He et al. 2015, arXiv:1502.01852), 0 for a bias
 */
public record TensorDefinition(String name, List<Integer> shape, double initialBound) {

  public TensorDefinition {
    shape = List.copyOf(shape);
  }

  /** Number of elements. */
  public int size() {
    return shape.stream().reduce(1, Math::multiplyExact);
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.client.model;

import java.util.List;

/** One step of a network's forward pass. */
public sealed interface Layer {

  /** The tensors of this layer, in the order of the block's flat vector. */
  default List<TensorDefinition> tensors() {
    return List.of();
  }

  /**
   * Convolution with stride 1 over (batch, channels, height, width), with bias.
   *
   * @param name prefix of its tensors {@code weight} (out, in, kernel, kernel) and {@code bias}
   *     (out)
   * @param in channels before
   * @param out channels after
   * @param kernel height and width of the window
   * @param padding rows and columns of zeros on every side
   */
  record Convolution(String name, int in, int out, int kernel, int padding) implements Layer {

    @Override
    public List<TensorDefinition> tensors() {
      return weightAndBias(name, List.of(out, in, kernel, kernel), in * kernel * kernel);
    }
  }

  /**
   * Fully connected, with bias: (batch, in) to (batch, out).
   *
   * @param name prefix of its tensors {@code weight} (out, in) and {@code bias} (out)
   * @param in features before
   * @param out features after
   */
  record Dense(String name, int in, int out) implements Layer {

    @Override
    public List<TensorDefinition> tensors() {
      return weightAndBias(name, List.of(out, in), in);
    }
  }

  /** Negative values become 0. */
  record Relu() implements Layer {}

  /**
   * The greatest value of each square, squares side by side.
   *
   * @param size height and width of a square
   */
  record MaxPool(int size) implements Layer {}

  /** (batch, …) to (batch, features), row-major. */
  record Flatten() implements Layer {}

  private static List<TensorDefinition> weightAndBias(
      String name, List<Integer> weightShape, int fanIn) {
    return List.of(
        new TensorDefinition(name + ".weight", weightShape, Math.sqrt(6.0 / fanIn)),
        new TensorDefinition(name + ".bias", List.of(weightShape.get(0)), 0));
  }
}

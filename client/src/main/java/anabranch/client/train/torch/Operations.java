// SPDX-License-Identifier: Apache-2.0
package anabranch.client.train.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.nn.pooling.Pool;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The operations that layers are computed by, beyond what DJL has a method for. */
final class Operations {

  private static final float EPSILON = 1e-5f;

  /** What a batch leaves of the running statistics. */
  private static final float KEPT = 0.9f;

  private static final Map<Integer, ScriptedOperation> GROUP_NORMS = new ConcurrentHashMap<>();

  private static final Map<Integer, ScriptedOperation> MAX_POOLS = new ConcurrentHashMap<>();

  private static final ScriptedOperation ATTENTION =
      new ScriptedOperation(
          List.of("qkv"),
          "torch.scaled_dot_product_attention("
              + "torch.select(qkv, 0, 0), torch.select(qkv, 0, 1), torch.select(qkv, 0, 2))");

  private Operations() {}

  /**
   * @param bias null for none
   */
  static NDArray convolution(NDArray x, NDArray weight, NDArray bias, int stride, int padding) {
    return Conv2d.conv2d(x, weight, bias, new Shape(stride, stride), new Shape(padding, padding))
        .singletonOrThrow();
  }

  /**
   * PyTorch's own group normalisation, ε = 1e-5: it keeps its input for the backward pass and
   * nothing else of that size, where a layer normalisation with scale and shift behind it would
   * keep two, and takes less time than that.
   */
  static NDArray groupNorm(NDArray x, int groups, NDArray weight, NDArray bias) {
    return GROUP_NORMS
        .computeIfAbsent(
            groups,
            g ->
                new ScriptedOperation(
                    List.of("x", "weight", "bias"),
                    "torch.group_norm(x, %d, weight, bias)".formatted(g)))
        .apply(x, weight, bias);
  }

  /**
   * Attention of every token to all, head by head, without the matrix of weights in memory.
   *
   * @param projected (batch, tokens, 3·width): queries, keys and values, each head by head
   * @return (batch, tokens, width)
   */
  static NDArray attention(NDArray projected, int heads) {
    Shape shape = projected.getShape();
    long batch = shape.get(0);
    long tokens = shape.get(1);
    long width = shape.get(2) / 3;
    try (NDArray split = projected.reshape(batch, tokens, 3, heads, width / heads);
        NDArray stacked = split.transpose(2, 0, 3, 1, 4);
        NDArray attended = ATTENTION.apply(stacked);
        NDArray byToken = attended.transpose(0, 2, 1, 3)) {
      return byToken.reshape(batch, tokens, width);
    }
  }

  /** ε = 1e-5. */
  static NDArray layerNorm(NDArray x, NDArray weight, NDArray bias) {
    return LayerNorm.layerNorm(x, weight.getShape(), weight, bias, EPSILON).singletonOrThrow();
  }

  /**
   * ε = 1e-5.
   *
   * @param training whether the batch's own statistics are used, and move the running ones
   */
  static NDArray batchNorm(
      NDArray x,
      NDArray runningMean,
      NDArray runningVariance,
      NDArray weight,
      NDArray bias,
      boolean training) {
    return BatchNorm.batchNorm(
            x, runningMean, runningVariance, weight, bias, 1, KEPT, EPSILON, training)
        .singletonOrThrow();
  }

  /** Mean over height and width, or over tokens. */
  static NDArray globalAverage(NDArray x) {
    Shape shape = x.getShape();
    if (shape.dimension() == 3) {
      return x.mean(new int[] {1});
    }
    try (NDArray flat = x.reshape(shape.get(0), shape.get(1), -1)) {
      return flat.mean(new int[] {2});
    }
  }

  /**
   * @param trains whether the network gathers gradients anywhere
   */
  static NDArray maxPool(NDArray x, int kernel, int stride, int padding, boolean trains) {
    if (kernel != stride || padding != 0) {
      // As it is: of the large images behind a stem no second copy is to be kept.
      Shape window = new Shape(kernel, kernel);
      return Pool.maxPool2d(
          x, window, new Shape(stride, stride), new Shape(padding, padding), false);
    }
    return trains
        ? MAX_POOLS.computeIfAbsent(kernel, Operations::poolOfSquares).apply(x)
        : greatestOfSquares(x, kernel);
  }

  /**
   * PyTorch's pooling is three times as fast, gradient included, where the channels of a pixel lie
   * together: for its sake they are brought there (format 2) and back (format 0). The greatest
   * values and their places are the same, so is every bit.
   */
  private static ScriptedOperation poolOfSquares(int size) {
    return new ScriptedOperation(
        List.of("x"),
        ("torch.contiguous(torch.max_pool2d(torch.contiguous(x, memory_format=2),"
                + " [%1$d, %1$d], [%1$d, %1$d]), memory_format=0)")
            .formatted(size));
  }

  /**
   * The same values by whole arrays: ten times as fast as PyTorch's own pooling on one thread,
   * which takes half of a forward pass; but with gradients, twice as slow. What does not fill a
   * square at the edge is left out.
   */
  private static NDArray greatestOfSquares(NDArray x, int size) {
    long height = x.getShape().get(2) / size * size;
    long width = x.getShape().get(3) / size * size;
    NDArray greatest = null;
    for (int row = 0; row < size; row++) {
      for (int column = 0; column < size; column++) {
        NDArray one =
            x.get(
                new NDIndex()
                    .addAllDim(2)
                    .addSliceDim(row, height, size)
                    .addSliceDim(column, width, size));
        greatest = greatest == null ? one : greater(greatest, one);
      }
    }
    return greatest;
  }

  private static NDArray greater(NDArray one, NDArray other) {
    try (one;
        other) {
      return one.maximum(other);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.client.train.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import anabranch.client.data.Dataset;
import anabranch.client.model.Architecture;
import anabranch.client.model.BlockDefinition;
import anabranch.client.model.Layer;
import anabranch.client.model.ModelDefinition;
import anabranch.protocol.model.Block;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A model's tensors in native memory, and its forward pass. The tensors belong to the manager that
 * they were loaded into.
 */
final class Network {

  private final ModelManifest manifest;
  private final ModelDefinition definition;

  /** Whether any tensor gathers gradients. */
  private final boolean trains;

  private final Map<String, NDArray> tensors = new HashMap<>();

  private Network(ModelManifest manifest, ModelDefinition definition, boolean trains) {
    this.manifest = manifest;
    this.definition = definition;
    this.trains = trains;
  }

  /**
   * Builds the network that a manifest describes.
   *
   * @param weights flat vectors of all blocks, by block index
   * @param trainBlocks blocks whose tensors gather gradients
   * @param manager that will own the tensors
   * @throws IllegalArgumentException if the architecture is not known here, the manifest's tensors
   *     are not those of the architecture, or a block is missing
   */
  static Network load(
      ModelManifest manifest,
      Map<Integer, float[]> weights,
      Set<Integer> trainBlocks,
      NDManager manager) {
    ModelDefinition definition =
        Architecture.named(manifest.architecture()).define(manifest.settings());
    requireSameTensors(manifest, definition);
    Network network = new Network(manifest, definition, !trainBlocks.isEmpty());
    for (Block block : manifest.blocks()) {
      float[] vector = weights.get(block.index());
      if (vector == null || vector.length != block.size()) {
        throw new IllegalArgumentException(
            "block '%s' of %s needs %d values, given are %s"
                .formatted(
                    block.name(),
                    manifest.architecture(),
                    block.size(),
                    vector == null ? "none" : vector.length));
      }
      for (Tensor tensor : block.tensors()) {
        NDArray array = manager.create(slice(vector, tensor), shape(tensor));
        array.setRequiresGradient(trainBlocks.contains(block.index()));
        network.tensors.put(tensor.name(), array);
      }
    }
    return network;
  }

  /** The tensors of a block, in the manifest's order. */
  List<NDArray> tensorsOf(int block) {
    return manifest.blocks().get(block).tensors().stream()
        .map(tensor -> tensors.get(tensor.name()))
        .toList();
  }

  /** A block's flat vector as it is now. */
  float[] vectorOf(int block) {
    Block layout = manifest.blocks().get(block);
    float[] vector = new float[layout.size()];
    for (Tensor tensor : layout.tensors()) {
      float[] values = tensors.get(tensor.name()).toFloatArray();
      System.arraycopy(values, 0, vector, tensor.offset(), values.length);
    }
    return vector;
  }

  /** Logits (batch, classes) of a batch; intermediate arrays belong to the input's manager. */
  NDArray forward(NDArray input) {
    NDArray x = input;
    for (BlockDefinition block : definition.blocks()) {
      for (Layer layer : block.layers()) {
        x = apply(layer, x);
      }
    }
    return x;
  }

  /**
   * @throws IllegalArgumentException if the network cannot take samples of this data set
   */
  void requireFits(Dataset data) {
    definition.requireFits(data.shape(), data.classes());
  }

  private NDArray apply(Layer layer, NDArray x) {
    if (layer instanceof Layer.Convolution convolution) {
      return Conv2d.conv2d(
              x,
              weight(convolution.name()),
              bias(convolution.name()),
              new Shape(1, 1),
              new Shape(convolution.padding(), convolution.padding()))
          .singletonOrThrow();
    } else if (layer instanceof Layer.Dense dense) {
      return Linear.linear(x, weight(dense.name()), bias(dense.name())).singletonOrThrow();
    } else if (layer instanceof Layer.Relu) {
      return Activation.relu(x);
    } else if (layer instanceof Layer.MaxPool pool) {
      return trains ? pool(x, pool.size()) : greatestOfSquares(x, pool.size());
    } else if (layer instanceof Layer.Flatten) {
      return x.reshape(x.getShape().get(0), -1);
    }
    throw new IllegalArgumentException("no forward pass for " + layer);
  }

  private static NDArray pool(NDArray x, int size) {
    Shape square = new Shape(size, size);
    return Pool.maxPool2d(x, square, square, new Shape(0, 0), false);
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
        greatest = greatest == null ? one : greatest.maximum(one);
      }
    }
    return greatest;
  }

  private NDArray weight(String layer) {
    return tensors.get(layer + ".weight");
  }

  private NDArray bias(String layer) {
    return tensors.get(layer + ".bias");
  }

  private static float[] slice(float[] vector, Tensor tensor) {
    float[] values = new float[tensor.size()];
    System.arraycopy(vector, tensor.offset(), values, 0, values.length);
    return values;
  }

  private static Shape shape(Tensor tensor) {
    return new Shape(tensor.shape().stream().mapToLong(Integer::longValue).toArray());
  }

  private static void requireSameTensors(ModelManifest manifest, ModelDefinition definition) {
    List<String> declared =
        manifest.blocks().stream()
            .flatMap(block -> block.tensors().stream())
            .map(tensor -> tensor.name() + tensor.shape())
            .toList();
    List<String> expected =
        definition.blocks().stream()
            .flatMap(block -> block.tensors().stream())
            .map(tensor -> tensor.name() + tensor.shape())
            .toList();
    if (!declared.equals(expected)) {
      throw new IllegalArgumentException(
          "the manifest's tensors are not those of %s as this version knows it: %s, expected %s"
              .formatted(manifest.architecture(), declared, expected));
    }
  }
}

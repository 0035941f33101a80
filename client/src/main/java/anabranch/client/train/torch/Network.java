// SPDX-License-Identifier: Apache-2.0
package anabranch.client.train.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import anabranch.client.data.Dataset;
import anabranch.client.model.BlockDefinition;
import anabranch.client.model.Exit;
import anabranch.client.model.ModelDefinition;
import anabranch.protocol.model.Block;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Role;
import anabranch.protocol.model.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The tensors of a model, or of some of its blocks, in native memory, and their forward pass. The
 * tensors belong to the manager that they were loaded into.
 */
final class Network {

  private final ModelManifest manifest;
  private final ModelDefinition definition;
  private final List<Exit> exits;
  private final Set<Integer> trainBlocks;
  private final Map<String, NDArray> tensors = new HashMap<>();

  private Network(
      ModelManifest manifest,
      ModelDefinition definition,
      List<Exit> exits,
      Set<Integer> trainBlocks) {
    this.manifest = manifest;
    this.definition = definition;
    this.exits = exits;
    this.trainBlocks = trainBlocks;
  }

  /**
   * Builds a network of blocks of a model, with one exit or several.
   *
   * @param models that are known
   * @param exits that it has; it consists of their blocks
   * @param weights flat vectors of these blocks, by block index
   * @param trainBlocks blocks whose tensors gather gradients
   * @param trainHead whether projection heads do so too
   * @param manager that will own the tensors
   * @throws IllegalArgumentException if the architecture is not known, the manifest's tensors are
   *     not those of the architecture, the blocks make no network, or one is missing
   */
  static Network load(
      KnownModels models,
      ModelManifest manifest,
      List<Exit> exits,
      Map<Integer, float[]> weights,
      Set<Integer> trainBlocks,
      boolean trainHead,
      NDManager manager) {
    Network network = new Network(manifest, models.definition(manifest), exits, trainBlocks);
    network.requireStage();
    Staging staging = new Staging();
    for (int index : Exit.blocks(exits)) {
      Block block = manifest.blocks().get(index);
      float[] vector = weights.get(index);
      if (vector == null || vector.length != block.size()) {
        throw new IllegalArgumentException(
            "block '%s' of %s needs %d values, given are %s"
                .formatted(
                    block.name(),
                    manifest.architecture(),
                    block.size(),
                    vector == null ? "none" : vector.length));
      }
      boolean trained = trainBlocks.contains(index);
      for (Tensor tensor : block.tensors()) {
        NDArray array = staging.copy(vector, tensor.offset(), shape(tensor), manager);
        boolean gathers =
            tensor.role() == Role.PARAMETER || tensor.role() == Role.AUXILIARY && trainHead;
        array.setRequiresGradient(trained && gathers);
        network.tensors.put(tensor.name(), array);
      }
    }
    return network;
  }

  private void requireStage() {
    List<Integer> blocks = Exit.blocks(exits);
    boolean known =
        manifest.stages().isEmpty()
            ? blocks.size() == manifest.blocks().size()
            : manifest.stages().stream().anyMatch(stage -> stage.blocks().equals(blocks));
    if (exits.size() == 1 && !known) {
      throw new IllegalArgumentException(
          "the blocks %s of %s make no network: %s"
              .formatted(
                  blocks,
                  manifest.architecture(),
                  manifest.stages().isEmpty()
                      ? "it has no stages and needs all of its %d blocks"
                          .formatted(manifest.blocks().size())
                      : "those of its stages are "
                          + manifest.stages().stream().map(stage -> stage.blocks()).toList()));
    }
  }

  /** The tensors of a block that gather gradients, by name, in the manifest's order. */
  List<Tensor> trainedTensorsOf(int block) {
    return manifest.blocks().get(block).tensors().stream()
        .filter(tensor -> array(tensor.name()).hasGradient())
        .toList();
  }

  /** A tensor of one of the blocks. */
  NDArray array(String tensor) {
    return tensors.get(tensor);
  }

  /** A block's flat vector as it is now. */
  float[] vectorOf(int block) {
    Block layout = manifest.blocks().get(block);
    float[] vector = new float[layout.size()];
    for (Tensor tensor : layout.tensors()) {
      float[] values = array(tensor.name()).toFloatArray();
      System.arraycopy(values, 0, vector, tensor.offset(), values.length);
    }
    return vector;
  }

  /** Logits (batch, classes) of a batch, the mean of all exits; they belong to its manager. */
  NDArray forward(NDArray input) {
    List<NDArray> logits = forward(input, ForwardPass.Observation.NONE).exits();
    NDArray sum = logits.get(0);
    for (NDArray more : logits.subList(1, logits.size())) {
      sum = sum.add(more);
    }
    return logits.size() == 1 ? sum : sum.div(logits.size());
  }

  /** A pass of a batch through all blocks, exit by exit. */
  ForwardPass forward(NDArray input, ForwardPass.Observation observation) {
    ForwardPass pass = new ForwardPass(tensors, input, !trainBlocks.isEmpty(), observation);
    for (Exit exit : exits) {
      for (int block : exit.path()) {
        pass.run(definition.blocks().get(block), trainBlocks.contains(block));
      }
      BlockDefinition output = definition.blocks().get(exit.output());
      boolean trained = trainBlocks.contains(exit.output());
      if (exit == exits.get(exits.size() - 1)) {
        pass.run(output, trained);
      } else {
        pass.exit(output, trained);
      }
    }
    return pass;
  }

  /**
   * @throws IllegalArgumentException if the network cannot take samples of this data set
   */
  void requireFits(Dataset data) {
    definition.requireFits(data.shape(), data.classes());
  }

  private static Shape shape(Tensor tensor) {
    return new Shape(tensor.shape().stream().mapToLong(Integer::longValue).toArray());
  }
}

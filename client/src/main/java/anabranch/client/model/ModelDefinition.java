// SPDX-License-Identifier: Apache-2.0
package anabranch.client.model;

import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Segmenter;
import anabranch.protocol.model.Segmenter.BlockShape;
import anabranch.protocol.model.Segmenter.TensorShape;
import anabranch.protocol.model.Stage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A network for classification: blocks of layers, computed one after the other, ending in one logit
 * a class.
 *
 * @param architecture name that goes into the manifest
 * @param settings all settings that it was made from, as they go into the manifest
 * @param inputShape shape of one sample
 * @param classes number of logits
 * @param blocks in order
 * @param stages of block-wise training, none if the network is trained as a whole; the network of
 *     the last is the deployed model
 */
public record ModelDefinition(
    String architecture,
    Map<String, String> settings,
    List<Integer> inputShape,
    int classes,
    List<BlockDefinition> blocks,
    List<Stage> stages) {

  public ModelDefinition {
    settings = Map.copyOf(settings);
    inputShape = List.copyOf(inputShape);
    blocks = List.copyOf(blocks);
    stages = List.copyOf(stages);
  }

  ModelDefinition(
      String architecture,
      Map<String, String> settings,
      List<Integer> inputShape,
      int classes,
      StagedBlocks blocks) {
    this(architecture, settings, inputShape, classes, blocks.blocks(), blocks.stages());
  }

  /** Number of elements of all tensors. */
  public long size() {
    return blocks.stream().mapToLong(BlockDefinition::size).sum();
  }

  /**
   * Refuses samples that the network cannot take. One that begins by flattening takes every shape
   * of the right number of features.
   *
   * @param sampleShape of one sample
   * @param sampleClasses number of classes of the data set
   * @throws IllegalArgumentException that names both sides
   */
  public void requireFits(List<Integer> sampleShape, int sampleClasses) {
    boolean flattens = blocks.get(0).layers().get(0) instanceof Layer.Flatten;
    boolean shapeFits =
        flattens ? product(sampleShape) == product(inputShape) : sampleShape.equals(inputShape);
    if (!shapeFits || sampleClasses != classes) {
      throw new IllegalArgumentException(
          "%s takes samples %s of %d classes, the data set has samples %s of %d classes: choose another model or other settings"
              .formatted(architecture, inputShape, classes, sampleShape, sampleClasses));
    }
  }

  private static long product(List<Integer> shape) {
    return shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
  }

  /**
   * What goes onto the model topic, with the definition's blocks and tensors in their order.
   *
   * @param ring number of versions that stay on the topic, at least 2
   */
  public ModelManifest manifest(int ring) {
    return Segmenter.manifest(
        architecture,
        settings,
        ring,
        blocks.stream().map(ModelDefinition::shapeOf).toList(),
        stages);
  }

  private static BlockShape shapeOf(BlockDefinition block) {
    return new BlockShape(
        block.name(),
        block.tensors().stream()
            .map(tensor -> new TensorShape(tensor.name(), tensor.shape(), tensor.role()))
            .toList());
  }

  /**
   * The values of version 0, one flat vector a block. They depend on the seed alone: the draws are
   * those of SplitMix64 and the arithmetic is exact by IEEE 754, so every machine gets the same
   * bits.
   */
  public List<float[]> initialWeights(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<float[]> weights = new ArrayList<>();
    for (BlockDefinition block : blocks) {
      float[] vector = new float[block.size()];
      int next = 0;
      for (TensorDefinition tensor : block.tensors()) {
        int end = next + tensor.size();
        fill(vector, next, end, tensor.initial(), random);
        next = end;
      }
      weights.add(vector);
    }
    return weights;
  }

  private static void fill(
      float[] vector, int from, int end, Initial initial, SplittableRandom random) {
    if (initial instanceof Initial.Uniform uniform) {
      for (int i = from; i < end; i++) {
        vector[i] = (float) ((2 * random.nextDouble() - 1) * uniform.bound());
      }
    } else if (initial instanceof Initial.Constant constant) {
      Arrays.fill(vector, from, end, constant.value());
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.client.train.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import anabranch.client.train.Subspace;
import anabranch.client.train.TrainingTask;
import anabranch.protocol.codec.RowSpace;
import anabranch.protocol.model.Block;
import anabranch.protocol.model.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Holds the gradients of a task in its subspace. */
final class GradientProjection {

  /** Replaces the gradient of a tensor. */
  private interface Step {

    /**
     * @param scratch owns what is needed on the way
     */
    void apply(NDManager scratch);
  }

  private final NDManager manager;
  private final List<Step> steps = new ArrayList<>();

  private GradientProjection(NDManager manager) {
    this.manager = manager;
  }

  /**
   * @param manager owns what is kept for the task
   * @return one that does nothing if the task has no subspace
   */
  static GradientProjection of(TrainingTask task, Network network, NDManager manager) {
    GradientProjection projection = new GradientProjection(manager);
    Subspace subspace = task.subspace();
    if (subspace != null) {
      for (int block : task.trainBlocks()) {
        Block layout = task.manifest().blocks().get(block);
        projection.add(subspace, layout, network);
      }
    }
    return projection;
  }

  private void add(Subspace subspace, Block block, Network network) {
    Optional<float[]> mask = subspace.mask(block.index());
    List<RowSpace> spaces = subspace.rowSpaces(block.index());
    for (Tensor tensor : network.trainedTensorsOf(block.index())) {
      NDArray leaf = network.array(tensor.name());
      mask.ifPresent(ofBlock -> addMask(ofBlock, tensor, leaf));
      addRowSpaces(spaces, tensor, leaf);
    }
  }

  private void addMask(float[] mask, Tensor tensor, NDArray leaf) {
    float[] own = new float[tensor.size()];
    System.arraycopy(mask, tensor.offset(), own, 0, own.length);
    NDArray factors = manager.create(own, leaf.getShape());
    steps.add(scratch -> gradient(leaf, scratch).muli(factors));
  }

  private void addRowSpaces(List<RowSpace> spaces, Tensor tensor, NDArray leaf) {
    for (RowSpace space : spaces) {
      if (space.from() >= tensor.offset() && space.from() < tensor.offset() + tensor.size()) {
        requireWhole(space, tensor);
        addRowSpace(space, leaf);
      }
    }
  }

  private static void requireWhole(RowSpace space, Tensor tensor) {
    if (space.rows() * space.columns() != tensor.size()) {
      throw new IllegalArgumentException(
          ("tensor %s is cut into segments within rows: its training cannot be restricted to a row"
                  + " space")
              .formatted(tensor.name()));
    }
  }

  private void addRowSpace(RowSpace space, NDArray leaf) {
    float[] vectors = space.basis();
    Shape shape = new Shape(vectors.length / space.columns(), space.columns());
    NDArray basis = manager.create(vectors, shape);
    NDArray transposed = basis.transpose();
    steps.add(
        scratch -> {
          NDArray gradient = gradient(leaf, scratch);
          NDArray rows = gradient.reshape(-1, space.columns());
          NDArray projected = rows.matMul(transposed).matMul(basis);
          gradient.subi(gradient).addi(projected.reshape(gradient.getShape()));
        });
  }

  /** The gradient itself, as long as the scratch is open. */
  private static NDArray gradient(NDArray leaf, NDManager scratch) {
    NDArray gradient = leaf.getGradient();
    gradient.attach(scratch);
    return gradient;
  }

  /** To be called between the backward pass and the optimizer's step. */
  void apply() {
    if (steps.isEmpty()) {
      return;
    }
    try (NDManager scratch = manager.newSubManager()) {
      steps.forEach(step -> step.apply(scratch));
    }
  }
}

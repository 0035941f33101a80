// SPDX-License-Identifier: Apache-2.0
package anabranch.client.train.torch;

import ai.djl.ndarray.NDArray;
import anabranch.protocol.message.TrainingSettings;
import java.util.ArrayList;
import java.util.List;

/**
 * Stochastic gradient descent: {@code v ← m·v + g + μ(w − w₀)}, then {@code w ← w − η·v}, for
 * momentum m, gradient g, proximal weight μ, received weights w₀ and learning rate η. The momentum
 * starts at 0 in every round.
 */
final class SgdOptimizer {

  /**
   * A tensor under training.
   *
   * @param leaf what gradients gather at
   * @param values the same memory, which may be written to
   * @param velocity v
   * @param received w₀, or null when μ is 0
   */
  private record Parameter(NDArray leaf, NDArray values, NDArray velocity, NDArray received) {}

  private final double learningRate;
  private final double momentum;
  private final double proximal;
  private final List<Parameter> parameters = new ArrayList<>();

  SgdOptimizer(TrainingSettings settings) {
    this.learningRate = settings.learningRate();
    this.momentum = settings.momentum();
    this.proximal = settings.proximal();
  }

  /** Takes a tensor under training; what is kept for it belongs to the tensor's manager. */
  void add(NDArray leaf) {
    NDArray values = leaf.stopGradient();
    parameters.add(
        new Parameter(leaf, values, values.zerosLike(), proximal > 0 ? values.duplicate() : null));
  }

  /** Moves all tensors by their gradients and clears these. */
  void step() {
    for (Parameter parameter : parameters) {
      // PyTorch adds to gradients that are there, DJL 0.35 does not clear them.
      try (NDArray gradient = parameter.leaf.getGradient()) {
        parameter.velocity.muli(momentum).addi(gradient);
        gradient.subi(gradient);
      }
      if (parameter.received != null) {
        try (NDArray away = parameter.values.sub(parameter.received)) {
          parameter.velocity.addi(away.muli(proximal));
        }
      }
      try (NDArray step = parameter.velocity.mul(learningRate)) {
        parameter.values.subi(step);
      }
    }
  }
}

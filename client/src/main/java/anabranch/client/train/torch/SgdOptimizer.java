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
   * @param velocity v, or null when m is 0: then it is the gradient
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
        new Parameter(
            leaf,
            values,
            momentum > 0 ? values.zerosLike() : null,
            proximal > 0 ? values.duplicate() : null));
  }

  /** Moves all tensors by their gradients and clears these. */
  void step() {
    for (Parameter parameter : parameters) {
      try (NDArray gradient = parameter.leaf.getGradient()) {
        if (parameter.velocity == null) {
          move(parameter, gradient);
        } else {
          parameter.velocity.muli(momentum).addi(gradient);
          move(parameter, parameter.velocity);
        }
        // PyTorch adds to gradients that are there, DJL 0.35 does not clear them.
        gradient.subi(gradient);
      }
    }
  }

  /** Adds the proximal term to a direction and goes along it. */
  private void move(Parameter parameter, NDArray direction) {
    if (parameter.received != null) {
      try (NDArray away = parameter.values.sub(parameter.received)) {
        direction.addi(away.muli(proximal));
      }
    }
    try (NDArray step = direction.mul(learningRate)) {
      parameter.values.subi(step);
    }
  }
}

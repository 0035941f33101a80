// SPDX-License-Identifier: Apache-2.0
package anabranch.client.train.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import anabranch.protocol.message.TrainingSettings;
import java.util.OptionalDouble;

/**
 * The terms −λ·nHSIC(X; Z) − γ·nHSIC(Y; Z) of the loss of block-wise training: X the input as fed,
 * Y the labels, Z the flat features of the stage for X and their projection for Y. Both dependences
 * are to grow, so both are subtracted, and the loss may be negative.
 *
 * <p>Their gradient by the features is computed here, in closed form. It enters the backward pass
 * by a product of features and gradient, so that no kernel matrix becomes part of the graph.
 *
 * @param lambda λ, at least 0
 * @param gamma γ, at least 0
 */
record DependenceTerms(double lambda, double gamma) {

  /** Smaller batches say nothing: two samples always give 1. The terms are left out for them. */
  static final int FEWEST_SAMPLES = 8;

  /** Kernels are exp(−‖a_i − a_j‖² / (2·σ²·d)) for d features. */
  private static final double SIGMA = 5;

  /**
   * Both dependences of one batch, each empty where it is not defined: one label, constant
   * features. Such a term counts 0 and has no gradient.
   */
  record Dependence(OptionalDouble ofInput, OptionalDouble ofLabels) {}

  /** Whether neither term counts. */
  boolean areOff() {
    return lambda == 0 && gamma == 0;
  }

  /** What a forward pass has to observe for a batch of that many samples. */
  ForwardPass.Observation observation(int samples) {
    if (areOff() || samples < FEWEST_SAMPLES || samples > TrainingSettings.MOST_SAMPLES_OF_NHSIC) {
      return ForwardPass.Observation.NONE;
    }
    return gamma > 0 ? ForwardPass.Observation.HEAD_TRAINED : ForwardPass.Observation.HEAD_FIXED;
  }

  /**
   * The whole loss of a batch.
   *
   * @param loss without the terms
   */
  double value(double loss, Dependence dependence) {
    return loss - lambda * dependence.ofInput().orElse(0) - gamma * dependence.ofLabels().orElse(0);
  }

  /** The dependences of a batch, and what is to be gone back from. */
  record Loss(NDArray root, Dependence dependence) {}

  /**
   * Adds the terms' gradients to a loss, not their values.
   *
   * @param loss without the terms
   * @param features of the batch
   * @param batch whose labels count
   * @param input as fed
   */
  Loss addTo(NDArray loss, ForwardPass.Features features, Batch batch, NDArray input) {
    CenteredKernel x = kernel(centered(input));
    CenteredKernel y = CenteredKernel.ofLabels(batch.labels(), scale(batch.classes()));
    NDArray flat = centered(features.flat());
    NDArray projected = centered(features.projected());
    CenteredKernel z = kernel(flat);
    CenteredKernel head = kernel(projected);
    Dependence dependence = new Dependence(z.normalized(x), head.normalized(y));
    NDArray root = loss;
    if (lambda > 0 && dependence.ofInput.isPresent()) {
      root = root.add(product(features.flat(), flat, z.gradientFactor(x), -lambda));
    }
    if (gamma > 0 && dependence.ofLabels.isPresent()) {
      root = root.add(product(features.projected(), projected, head.gradientFactor(y), -gamma));
    }
    return new Loss(root, dependence);
  }

  /**
   * Rows of features about their mean, without gradient: distances are the same, with more digits.
   */
  private static NDArray centered(NDArray features) {
    try (NDArray values = features.stopGradient();
        NDArray rows = values.reshape(values.getShape().get(0), -1);
        NDArray mean = rows.mean(new int[] {0}, true)) {
      return rows.sub(mean);
    }
  }

  private static CenteredKernel kernel(NDArray rows) {
    try (NDArray columns = rows.transpose();
        NDArray gram = rows.matMul(columns)) {
      return CenteredKernel.ofGram(
          gram.toFloatArray(), (int) rows.getShape().get(0), scale(rows.getShape().get(1)));
    }
  }

  private static double scale(long features) {
    return 2 * SIGMA * SIGMA * features;
  }

  /** A scalar whose gradient by the features is weight·factor·rows. */
  private static NDArray product(NDArray features, NDArray rows, float[] factor, double weight) {
    NDManager manager = features.getManager();
    long samples = rows.getShape().get(0);
    try (NDArray left = manager.create(factor, new Shape(samples, samples));
        NDArray gradient = left.matMul(rows).muli(weight);
        NDArray flatGradient = gradient.reshape(-1);
        NDArray flatFeatures = features.reshape(-1)) {
      return flatFeatures.dot(flatGradient);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.client.model;

/** What a tensor holds in version 0. */
public sealed interface Initial {

  /** All elements alike. */
  record Constant(float value) implements Initial {}

  /** Each element drawn evenly from [−bound, bound). */
  record Uniform(double bound) implements Initial {}

  /** Of a bias. */
  Initial ZERO = new Constant(0);

  /** Of a normalisation's scale. */
  Initial ONE = new Constant(1);

  /**
   * Of weights before a ReLU: keeps the variance of activations (He et al. 2015, arXiv:1502.01852).
   *
   * @param fanIn number of inputs of one output
   */
  static Initial beforeRelu(int fanIn) {
    return new Uniform(Math.sqrt(6.0 / fanIn));
  }

  /**
   * Of weights with no ReLU behind them: variance 1 / fan-in.
   *
   * @param fanIn number of inputs of one output
   */
  static Initial linear(int fanIn) {
    return new Uniform(Math.sqrt(3.0 / fanIn));
  }
}

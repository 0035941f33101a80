// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment.scalefl;

import java.util.List;

/**
 * What is tuned of a method.
 *
 * @param learningRate of the clients
 * @param strength of the method's own knob, 1 for its usual value: of the curriculum where the
 *     method has one, else the server's learning rate
 */
record Knobs(double learningRate, double strength) {

  static final List<Double> LEARNING_RATES = List.of(0.01, 0.02, 0.05, 0.1);

  static final List<Double> STRENGTHS = List.of(0.5, 1.0, 2.0);

  /** Where nothing was tuned. */
  static final Knobs USUAL = new Knobs(0.02, 1);
}

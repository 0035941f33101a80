// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment.scalefl;

import java.util.List;

/**
 * What is tuned of a method.
 *
 * @param learningRate of the clients
 * @param curriculum where the method has one
 */
record Knobs(double learningRate, Curriculum curriculum) {

  static final List<Double> LEARNING_RATES = List.of(0.01, 0.02, 0.05);

  /** Half, all and twice of what the project takes where nothing is said. */
  static final List<Curriculum> CURRICULA =
      List.of(new Curriculum(0.05, 0.5), new Curriculum(0.1, 1), new Curriculum(0.2, 2));

  /** Where nothing was tuned. */
  static final Knobs USUAL = new Knobs(0.02, CURRICULA.get(1));
}

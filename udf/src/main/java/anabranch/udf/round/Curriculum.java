// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import java.io.Serializable;

/**
 * How the curriculum weights λ_t and γ_t of SCALEFL's Curriculum Mentor (arXiv 2408.10826) come
 * about, which weigh nHSIC(X; Z) and nHSIC(Y; Z) in a client's loss. Both move over their ranges.
 * The paper gives neither values nor a rule.
 */
public sealed interface Curriculum extends Serializable
    permits LinearCurriculum, AdaptiveCurriculum {

  /**
   * What a weight moves over.
   *
   * @param from at position 0
   * @param to at position 1
   */
  record Range(double from, double to) implements Serializable {
    double at(double position) {
      return from + (to - from) * position;
    }
  }

  /** The weights of a plan. */
  record Weights(double lambda, double gamma) {}

  /**
   * The weights of the next plan.
   *
   * @param stage from 1
   * @param stages number of them
   * @param completedRounds of the federation
   * @param observed what the rounds of this stage have told
   */
  Weights weights(int stage, int stages, long completedRounds, StageDependence observed);

  /**
   * What the rounds of a stage have told, after another one.
   *
   * @param before the rounds before
   * @param nhsic what its clients measured
   * @param batchSize that its plan asked for
   */
  StageDependence observe(StageDependence before, Nhsic nhsic, int batchSize);
}

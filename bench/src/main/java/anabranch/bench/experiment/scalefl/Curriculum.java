// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment.scalefl;

/**
 * The ends of λ and γ over the stages: λ falls from the high one to the low one, γ rises the other
 * way. The paper gives no values.
 *
 * @param low at least 0
 * @param high at least {@code low}
 */
record Curriculum(double low, double high) {

  /** A curriculum that is so many times as strong as what the project takes if nothing is said. */
  static Curriculum ofStrength(double strength) {
    return new Curriculum(strength / 10, strength);
  }
}

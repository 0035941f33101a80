// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

/**
 * Curriculum weights that are fixed in advance. Both run in a straight line over the position
 *
 * <pre>s = (1 − w)·(t − 1)/(T − 1) + w·min(1, r/R)</pre>
 *
 * with stage t of T (T = 1 counts as the end) and completed rounds r. The line is this project's
 * reading of the paper.
 *
 * @param lambda range of λ
 * @param gamma range of γ
 * @param timeWeight w, in [0, 1]: 0 follows the depth alone, 1 the time alone
 * @param rounds R, at least 1 when w is above 0
 */
public record LinearCurriculum(Range lambda, Range gamma, double timeWeight, long rounds)
    implements Curriculum {

  @Override
  public Weights weights(int stage, int stages, long completedRounds, StageDependence observed) {
    double position = position(stage, stages, completedRounds);
    return new Weights(lambda.at(position), gamma.at(position));
  }

  /** What clients measure changes nothing here. */
  @Override
  public StageDependence observe(StageDependence before, Nhsic nhsic, int batchSize) {
    return before;
  }

  private double position(int stage, int stages, long completedRounds) {
    double depth = stages == 1 ? 1 : (stage - 1) / (double) (stages - 1);
    double time = rounds == 0 ? 0 : Math.min(1, completedRounds / (double) rounds);
    return (1 - timeWeight) * depth + timeWeight * time;
  }
}

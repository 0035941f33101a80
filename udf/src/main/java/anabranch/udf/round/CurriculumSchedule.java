// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import java.io.Serializable;

/**
 * The curriculum weights λ_t and γ_t of SCALEFL's Curriculum Mentor (arXiv 2408.10826), which weigh
 * nHSIC(X; Z) and nHSIC(Y; Z) in a client's loss. Both run in a straight line over the position
 *
 * <pre>s = (1 − w)·(t − 1)/(T − 1) + w·min(1, r/R)</pre>
 *
 * with stage t of T (T = 1 counts as the end) and completed rounds r. The paper gives no values;
 * the line is this project's reading of it.
 *
 * @param lambda range of λ
 * @param gamma range of γ
 * @param timeWeight w, in [0, 1]: 0 follows the depth alone, 1 the time alone
 * @param rounds R, at least 1 when w is above 0
 */
public record CurriculumSchedule(Range lambda, Range gamma, double timeWeight, long rounds)
    implements Serializable {

  /**
   * The values at both ends of the line.
   *
   * @param from at s = 0
   * @param to at s = 1
   */
  public record Range(double from, double to) implements Serializable {
    double at(double position) {
      return from + (to - from) * position;
    }
  }

  public double lambda(int stage, int stages, long completedRounds) {
    return lambda.at(position(stage, stages, completedRounds));
  }

  public double gamma(int stage, int stages, long completedRounds) {
    return gamma.at(position(stage, stages, completedRounds));
  }

  private double position(int stage, int stages, long completedRounds) {
    double depth = stages == 1 ? 1 : (stage - 1) / (double) (stages - 1);
    double time = rounds == 0 ? 0 : Math.min(1, completedRounds / (double) rounds);
    return (1 - timeWeight) * depth + timeWeight * time;
  }
}

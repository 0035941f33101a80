// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import anabranch.udf.round.StageDependence.Course;
import java.util.OptionalDouble;

/**
 * Curriculum weights that follow what clients measure, each stage by itself. λ moves on in its
 * range when nHSIC(X; Z) of the stage no longer rises, γ when nHSIC(Y; Z) no longer does:
 *
 * <pre>
 * saturated   v − mean &lt; tolerance
 * position    min(1, position + step) after a saturated round, else as it was
 * mean        memory · mean + (1 − memory) · v
 * </pre>
 *
 * with the value v of a round and the running mean of the rounds before. As long as a stage still
 * learns to keep what it sees of the input, that is what its loss should ask for; once it has
 * learned it, the weight only holds the features where they are, and the labels should take over.
 * nHSIC is at most 1, so it saturates in the end, and a position never goes back: the weights of
 * every stage arrive at the end of their range, in 1/step saturated rounds, and do not swing. The
 * mean keeps the noise of small cohorts from deciding. Where both weights have come to 0 nobody
 * measures, and every round moves both on. The first round of a stage, or of another batch size,
 * has nothing to be compared with.
 *
 * @param lambda range of λ
 * @param gamma range of γ
 * @param tolerance rise above the mean that counts, 0 to 1
 * @param step above 0, at most 1
 * @param memory share of the mean that stays, from 0 to below 1
 */
public record AdaptiveCurriculum(
    Range lambda, Range gamma, double tolerance, double step, double memory) implements Curriculum {

  @Override
  public Weights weights(int stage, int stages, long completedRounds, StageDependence observed) {
    return new Weights(lambda.at(observed.x().position()), gamma.at(observed.y().position()));
  }

  @Override
  public StageDependence observe(StageDependence before, Nhsic nhsic, int batchSize) {
    if (lambda.at(before.x().position()) == 0 && gamma.at(before.y().position()) == 0) {
      // Nobody measures where neither term counts, so nothing else would end this.
      return new StageDependence(moved(before.x()), moved(before.y()));
    }
    return new StageDependence(
        next(before.x(), nhsic.x(), batchSize), next(before.y(), nhsic.y(), batchSize));
  }

  private Course next(Course before, OptionalDouble measured, int batchSize) {
    if (measured.isEmpty()) {
      return before;
    }
    double value = measured.getAsDouble();
    if (before.batchSize() != batchSize) {
      return new Course(value, batchSize, before.position());
    }
    boolean saturated = value - before.mean() < tolerance;
    double position = saturated ? moved(before).position() : before.position();
    return new Course(memory * before.mean() + (1 - memory) * value, batchSize, position);
  }

  private Course moved(Course before) {
    double position = Math.min(1, before.position() + step);
    return new Course(before.mean(), before.batchSize(), position);
  }
}

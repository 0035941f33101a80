// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.movement;

import anabranch.protocol.message.StageMovement;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * When a stage has settled, so that it is frozen and the next one has its turn. As in ProFL (Wu et
 * al., KDD 2025) the measure is the effective movement of the stage's values over a window of
 * rounds, {@code ‖Σ Δ_k‖₁ / Σ ‖Δ_k‖₁}; a straight line is put through the newest of them. The paper
 * does not say how it combines them: here a stage has settled when the line falls or rises by less
 * than a threshold from its first to its last value, and ends no higher than a level. A steady
 * drift has a flat line too, at 1: a level below 1 keeps it from passing for settled.
 *
 * @param window rounds that an effective movement goes over, at least 1
 * @param evaluations effective movements that the line goes through, at least 2
 * @param change of the line below which a stage has settled, above 0
 * @param level at which the line must end, above 0, at most 1
 */
public record FreezeCriterion(int window, int evaluations, double change, double level)
    implements Serializable {

  /**
   * How the stage has gone after another completed round.
   *
   * @param before null if there is none
   * @param stage that the round trained
   * @param moved over the newest versions of its blocks
   */
  public StageCourse next(StageCourse before, int stage, Movement moved) {
    StageCourse course =
        before == null || before.stage() != stage ? StageCourse.begin(stage) : before;
    long rounds = course.rounds() + 1;
    List<Double> effective = new ArrayList<>(course.effective());
    // A block that the stage before trained too has a longer trace, which is not of this stage.
    if (rounds >= window && moved.steps() >= window) {
      effective.add(moved.effective());
    }
    int surplus = Math.max(0, effective.size() - evaluations);
    return new StageCourse(stage, rounds, effective.subList(surplus, effective.size()));
  }

  /** What follows for the stage. */
  public StageMovement judge(StageCourse course) {
    List<Double> values = course.effective();
    Double newest = values.isEmpty() ? null : values.get(values.size() - 1);
    if (values.size() < evaluations) {
      return new StageMovement(newest, null, false);
    }
    double middle = (evaluations - 1) / 2.0;
    double mean = 0;
    double products = 0;
    double squares = 0;
    for (int i = 0; i < evaluations; i++) {
      mean += values.get(i) / evaluations;
      products += (i - middle) * values.get(i);
      squares += (i - middle) * (i - middle);
    }
    double slope = products / squares;
    double fitted = slope * (evaluations - 1);
    double end = mean + slope * middle;
    return new StageMovement(newest, fitted, Math.abs(fitted) < change && end <= level);
  }
}

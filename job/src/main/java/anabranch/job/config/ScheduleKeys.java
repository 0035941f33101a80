// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

import anabranch.udf.round.StageSchedule;

/** What a round trains, and with which curriculum weights. */
final class ScheduleKeys {

  static final KeyTable TABLE = new KeyTable();

  private static final long BILLION = 1_000_000_000;

  static final ConfigKey<StageSchedule.Order> SCHEDULE_BLOCKS =
      TABLE.key(
          "schedule.blocks",
          new Choice<>(StageSchedule.Order.class),
          "whole",
          "Which blocks a round trains: the whole deployed model, the stages of the model one after"
              + " the other in a circle, or one after the other until the last: after so many rounds,"
              + " or each when it has settled (`freeze`). In a model that declares no stages each"
              + " block is one.");
  static final ConfigKey<Long> SCHEDULE_ROUNDS_PER_BLOCK =
      TABLE.key(
          "schedule.rounds-per-block",
          new WholeNumber(1, 1_000_000),
          "1",
          "rounds",
          "Completed rounds before the next stage has its turn. One is what the paper's authors' code"
              + " does.");
  static final ConfigKey<StageSchedule.Unfit> SCHEDULE_UNFIT_STAGE =
      TABLE.key(
          "schedule.unfit-stage",
          new Choice<>(StageSchedule.Unfit.class),
          "hold",
          "What happens when fewer clients than `round.quorum` have the memory that a stage takes:"
              + " `hold` waits for them, `skip` gives the next stage its turn. Not published.");
  static final ConfigKey<Long> SCHEDULE_FREEZE_WINDOW =
      TABLE.key(
          "schedule.freeze.window",
          new WholeNumber(1, 1_000),
          "20",
          "rounds",
          "Rounds that an effective movement goes over: how far a stage's blocks came as a share of"
              + " the way they went. As in ProFL's published configuration.");
  static final ConfigKey<Long> SCHEDULE_FREEZE_EVALUATIONS =
      TABLE.key(
          "schedule.freeze.evaluations",
          new WholeNumber(2, 1_000),
          "15",
          "rounds",
          "Effective movements, one a round, that a straight line is put through. As in ProFL's"
              + " published configuration.");
  static final ConfigKey<Double> SCHEDULE_FREEZE_CHANGE =
      TABLE.key(
          "schedule.freeze.change",
          Decimal.aboveTo(0, 1),
          "0.2",
          "A stage has settled when the line falls or rises by less than this from its first to its"
              + " last value. ProFL's threshold; how it is applied is not published.");
  static final ConfigKey<Double> SCHEDULE_FREEZE_LEVEL =
      TABLE.key(
          "schedule.freeze.level",
          Decimal.aboveTo(0, 1),
          "0.7",
          "And when it ends at this or below. A steady drift has a flat line as well, at 1: below 1"
              + " it does not pass for settled. Not published; the default is that of our"
              + " experiment.");
  static final ConfigKey<Long> SCHEDULE_FREEZE_ROUNDS =
      TABLE.key(
          "schedule.freeze.rounds",
          new WholeNumber(0, 1_000_000),
          "0",
          "rounds",
          "The most completed rounds that a stage has, settled or not; 0 is no limit. Without one a"
              + " federation whose rounds are limited may never reach its last stage. Not"
              + " published.");

  /** How λ and γ move over their ranges. */
  enum CurriculumKind {
    LINE,
    ADAPTIVE
  }

  static final ConfigKey<CurriculumKind> CURRICULUM_KIND =
      TABLE.key(
          "curriculum.kind",
          new Choice<>(CurriculumKind.class),
          "line",
          "How λ and γ move over their ranges: both in a straight `line` over s, or `adaptive`, each"
              + " when the nHSIC that it weighs no longer rises. Not published.");
  static final ConfigKey<Double> CURRICULUM_LAMBDA_FROM =
      curriculum(
          "curriculum.lambda.from",
          "Weight λ of nHSIC(X; Z) in the loss at s = 0. The values that the paper used are not"
              + " published; nHSIC is between 0 and 1.");
  static final ConfigKey<Double> CURRICULUM_LAMBDA_TO =
      curriculum("curriculum.lambda.to", "The same at s = 1.");
  static final ConfigKey<Double> CURRICULUM_GAMMA_FROM =
      curriculum(
          "curriculum.gamma.from",
          "Weight γ of nHSIC(Y; Z) in the loss at s = 0. Not published either.");
  static final ConfigKey<Double> CURRICULUM_GAMMA_TO =
      curriculum("curriculum.gamma.to", "The same at s = 1.");
  static final ConfigKey<Double> CURRICULUM_TIME_WEIGHT =
      TABLE.key(
          "curriculum.time-weight",
          Decimal.between(0, 1),
          "0",
          "w in s = (1 − w)·(t − 1)/(T − 1) + w·min(1, r/R), with stage t of T and r completed"
              + " rounds: 0 follows the stages alone, 1 the rounds alone. With one stage the first"
              + " fraction is 1. The authors' code follows the stages; whether the paper does is not"
              + " published.");
  static final ConfigKey<Long> CURRICULUM_ROUNDS =
      TABLE.key(
          "curriculum.rounds",
          new WholeNumber(0, BILLION),
          "0",
          "rounds",
          "R above. At least 1 when `curriculum.time-weight` is above 0.");
  static final ConfigKey<Double> CURRICULUM_ADAPTIVE_TOLERANCE =
      TABLE.key(
          "curriculum.adaptive.tolerance",
          Decimal.between(0, 1),
          "0.01",
          "A round in which nHSIC is above its running mean by less than this moves the weight on."
              + " Not published.");
  static final ConfigKey<Double> CURRICULUM_ADAPTIVE_STEP =
      TABLE.key(
          "curriculum.adaptive.step",
          Decimal.aboveTo(0, 1),
          "0.1",
          "How far, as a share of the range: a stage takes at least 1/step rounds to its end. Not"
              + " published.");
  static final ConfigKey<Double> CURRICULUM_ADAPTIVE_MEMORY =
      TABLE.key(
          "curriculum.adaptive.memory",
          Decimal.fromToBelow(0, 1),
          "0.5",
          "Share of the running mean that stays when a round is added: nearer to 1, more rounds"
              + " decide. Not published.");

  private ScheduleKeys() {}

  private static ConfigKey<Double> curriculum(String path, String reason) {
    return TABLE.key(path, Decimal.atLeast(0), "0", reason);
  }
}

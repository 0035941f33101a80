// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

import static anabranch.job.config.ClientKeys.TRAINING_BATCH_SIZE;
import static anabranch.job.config.FederationKeys.KAFKA_PROPERTIES;
import static anabranch.job.config.OperationKeys.CHECKPOINT_INTERVAL;
import static anabranch.job.config.RoundKeys.COHORT_MIN_AVAILABLE;
import static anabranch.job.config.RoundKeys.COHORT_SIZE;
import static anabranch.job.config.RoundKeys.ROUND_DEADLINE;
import static anabranch.job.config.RoundKeys.ROUND_QUORUM;
import static anabranch.job.config.RoundKeys.ROUND_RETRY_BACKOFF;
import static anabranch.job.config.RoundKeys.ROUND_RETRY_MAX_BACKOFF;
import static anabranch.job.config.ScheduleKeys.CURRICULUM_ADAPTIVE_MEMORY;
import static anabranch.job.config.ScheduleKeys.CURRICULUM_ADAPTIVE_STEP;
import static anabranch.job.config.ScheduleKeys.CURRICULUM_ADAPTIVE_TOLERANCE;
import static anabranch.job.config.ScheduleKeys.CURRICULUM_GAMMA_FROM;
import static anabranch.job.config.ScheduleKeys.CURRICULUM_GAMMA_TO;
import static anabranch.job.config.ScheduleKeys.CURRICULUM_KIND;
import static anabranch.job.config.ScheduleKeys.CURRICULUM_LAMBDA_FROM;
import static anabranch.job.config.ScheduleKeys.CURRICULUM_LAMBDA_TO;
import static anabranch.job.config.ScheduleKeys.CURRICULUM_ROUNDS;
import static anabranch.job.config.ScheduleKeys.CURRICULUM_TIME_WEIGHT;
import static anabranch.job.config.ScheduleKeys.SCHEDULE_BLOCKS;
import static anabranch.job.config.ScheduleKeys.SCHEDULE_FREEZE_CHANGE;
import static anabranch.job.config.ScheduleKeys.SCHEDULE_FREEZE_EVALUATIONS;
import static anabranch.job.config.ScheduleKeys.SCHEDULE_FREEZE_LEVEL;
import static anabranch.job.config.ScheduleKeys.SCHEDULE_FREEZE_ROUNDS;
import static anabranch.job.config.ScheduleKeys.SCHEDULE_FREEZE_WINDOW;
import static anabranch.job.config.ScheduleKeys.SCHEDULE_ROUNDS_PER_BLOCK;

import anabranch.job.config.ScheduleKeys.CurriculumKind;
import anabranch.protocol.message.TrainingSettings;
import anabranch.udf.round.StageSchedule;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Finds values that are allowed each for itself but not together. */
final class Contradictions {

  /** What Anabranch sets itself, because exactly-once rests on it or another key says it. */
  private static final Set<String> OWN_KAFKA_PROPERTIES =
      Set.of(
          "auto.offset.reset",
          "bootstrap.servers",
          "enable.auto.commit",
          "enable.idempotence",
          "group.id",
          "isolation.level",
          "key.deserializer",
          "key.serializer",
          "transactional.id",
          "value.deserializer",
          "value.serializer");

  private static final List<ConfigKey<?>> OF_THE_FREEZE =
      List.of(
          SCHEDULE_FREEZE_WINDOW,
          SCHEDULE_FREEZE_EVALUATIONS,
          SCHEDULE_FREEZE_CHANGE,
          SCHEDULE_FREEZE_LEVEL,
          SCHEDULE_FREEZE_ROUNDS);
  private static final List<ConfigKey<?>> OF_THE_LINE =
      List.of(CURRICULUM_TIME_WEIGHT, CURRICULUM_ROUNDS);
  private static final List<ConfigKey<?>> OF_THE_ADAPTIVE =
      List.of(CURRICULUM_ADAPTIVE_TOLERANCE, CURRICULUM_ADAPTIVE_STEP, CURRICULUM_ADAPTIVE_MEMORY);

  private static final List<ConfigKey<Double>> OF_THE_WEIGHTS =
      List.of(
          CURRICULUM_LAMBDA_FROM, CURRICULUM_LAMBDA_TO, CURRICULUM_GAMMA_FROM, CURRICULUM_GAMMA_TO);

  private final ConfigValues values;
  private final ConfigErrors errors;

  private Contradictions(ConfigValues values, ConfigErrors errors) {
    this.values = values;
    this.errors = errors;
  }

  /** Reports all contradictions among the keys that have a sound value. */
  static void find(ConfigValues values, ConfigErrors errors) {
    Contradictions contradictions = new Contradictions(values, errors);
    contradictions.kafka();
    contradictions.cohort();
    contradictions.durations();
    contradictions.schedule();
    contradictions.curriculum();
    contradictions.batchOfCurriculum();
    new EncodingContradictions(values, contradictions::report).find();
  }

  private void kafka() {
    for (String property : values.get(KAFKA_PROPERTIES).keySet()) {
      if (OWN_KAFKA_PROPERTIES.contains(property)) {
        errors.add(
            KAFKA_PROPERTIES.path() + "." + property,
            values.origin(KAFKA_PROPERTIES.path() + "." + property),
            "is set by Anabranch itself; leave it out");
      }
    }
  }

  private void cohort() {
    if (values.has(ROUND_QUORUM, COHORT_SIZE)
        && values.get(ROUND_QUORUM) > values.get(COHORT_SIZE)) {
      report(ROUND_QUORUM, "is more than cohort.size, %s".formatted(values.text(COHORT_SIZE)));
    }
    if (values.isGiven(COHORT_MIN_AVAILABLE)
        && values.has(COHORT_MIN_AVAILABLE, ROUND_QUORUM)
        && values.get(COHORT_MIN_AVAILABLE) < values.get(ROUND_QUORUM)) {
      report(
          COHORT_MIN_AVAILABLE,
          "is less than round.quorum, %s: rounds would open that cannot succeed"
              .formatted(values.text(ROUND_QUORUM)));
    }
  }

  private void durations() {
    if (values.has(ROUND_DEADLINE, CHECKPOINT_INTERVAL)) {
      Duration deadline = values.get(ROUND_DEADLINE);
      values
          .get(CHECKPOINT_INTERVAL)
          .filter(interval -> deadline.compareTo(interval) <= 0)
          .ifPresent(
              interval ->
                  report(
                      ROUND_DEADLINE,
                      "is not longer than checkpoint.interval, %s"
                          .formatted(values.text(CHECKPOINT_INTERVAL))));
    }
    if (values.has(ROUND_RETRY_BACKOFF, ROUND_RETRY_MAX_BACKOFF)
        && values.get(ROUND_RETRY_MAX_BACKOFF).compareTo(values.get(ROUND_RETRY_BACKOFF)) < 0) {
      report(
          ROUND_RETRY_MAX_BACKOFF,
          "is shorter than round.retry.backoff, %s".formatted(values.text(ROUND_RETRY_BACKOFF)));
    }
  }

  /** Keys that are given though another key's value leaves them without a meaning. */
  private void demandUnused(List<ConfigKey<?>> keys, ConfigKey<?> chosen) {
    for (ConfigKey<?> key : keys) {
      boolean byDefault = new ConfigKey.Fallback.Value(values.text(key)).equals(key.fallback());
      if (values.isGiven(key) && !byDefault) {
        report(key, "has no effect: %s is '%s'".formatted(chosen.path(), values.text(chosen)));
      }
    }
  }

  private void schedule() {
    if (values.has(SCHEDULE_BLOCKS)) {
      boolean freeze = values.get(SCHEDULE_BLOCKS) == StageSchedule.Order.FREEZE;
      demandUnused(freeze ? List.of(SCHEDULE_ROUNDS_PER_BLOCK) : OF_THE_FREEZE, SCHEDULE_BLOCKS);
    }
  }

  private void curriculum() {
    if (values.has(CURRICULUM_KIND)) {
      boolean adaptive = values.get(CURRICULUM_KIND) == CurriculumKind.ADAPTIVE;
      demandUnused(adaptive ? OF_THE_LINE : OF_THE_ADAPTIVE, CURRICULUM_KIND);
      if (adaptive
          && values.has(CURRICULUM_LAMBDA_FROM, CURRICULUM_GAMMA_FROM)
          && values.get(CURRICULUM_LAMBDA_FROM) == 0
          && values.get(CURRICULUM_GAMMA_FROM) == 0) {
        report(
            CURRICULUM_KIND,
            "needs curriculum.lambda.from or curriculum.gamma.from above 0: with both at 0 clients"
                + " measure nothing");
      }
    }
    if (values.has(CURRICULUM_TIME_WEIGHT, CURRICULUM_ROUNDS)
        && values.get(CURRICULUM_TIME_WEIGHT) > 0
        && values.get(CURRICULUM_ROUNDS) == 0) {
      report(CURRICULUM_ROUNDS, "must be at least 1, since curriculum.time-weight is above 0");
    }
  }

  private void batchOfCurriculum() {
    if (values.has(TRAINING_BATCH_SIZE)
        && values.get(TRAINING_BATCH_SIZE) > TrainingSettings.MOST_SAMPLES_OF_NHSIC
        && OF_THE_WEIGHTS.stream()
            .anyMatch(weight -> values.has(weight) && values.get(weight) > 0)) {
      report(
          TRAINING_BATCH_SIZE,
          "is too large for a curriculum: nHSIC takes memory that grows with the square of the"
              + " batch, so clients leave its terms out for more than %,d samples"
                  .formatted(TrainingSettings.MOST_SAMPLES_OF_NHSIC));
    }
  }

  private void report(ConfigKey<?> key, String problem) {
    String origin = values.isGiven(key) ? values.origin(key.path()) : "";
    errors.add(key.path(), origin, "%s %s".formatted(values.text(key), problem));
  }
}

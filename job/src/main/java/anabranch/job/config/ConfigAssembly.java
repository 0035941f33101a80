// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

import anabranch.protocol.message.TrainingSettings;
import anabranch.udf.aggregation.MagnitudeBounds;
import anabranch.udf.movement.FreezeCriterion;
import anabranch.udf.round.AdaptiveCurriculum;
import anabranch.udf.round.CohortPolicy;
import anabranch.udf.round.Curriculum;
import anabranch.udf.round.Curriculum.Range;
import anabranch.udf.round.LinearCurriculum;
import anabranch.udf.round.RetryPolicy;
import anabranch.udf.round.RoundPolicy;
import anabranch.udf.round.StageSchedule;
import java.util.OptionalLong;

/** Puts checked values into the records that the job works with. */
final class ConfigAssembly {

  private final ConfigValues values;

  private ConfigAssembly(ConfigValues values) {
    this.values = values;
  }

  /**
   * @param values of all keys, without errors
   */
  static FederationConfig assemble(ConfigValues values) {
    return new ConfigAssembly(values).federation();
  }

  private FederationConfig federation() {
    return new FederationConfig(
        values.get(FederationKeys.FEDERATION),
        values.get(FederationKeys.SEED),
        kafka(),
        whole(FederationKeys.MODEL_RING),
        new MagnitudeBounds(
            whole(FederationKeys.MODEL_MAX_EXPONENT_PARAMETERS),
            whole(FederationKeys.MODEL_MAX_EXPONENT_BUFFERS)),
        cohort(),
        round(),
        values.get(RoundKeys.HOLD_BUDGET).map(OptionalLong::of).orElse(OptionalLong.empty()),
        values.get(RoundKeys.AGGREGATION_RULE),
        values.get(RoundKeys.AGGREGATION_SERVER_LEARNING_RATE),
        training(),
        EncodingChoice.of(values),
        new DownlinkConfig(
            values.get(DownlinkKeys.DOWNLINK_PRESET),
            whole(DownlinkKeys.DOWNLINK_SNAPSHOT_EVERY),
            values.get(DownlinkKeys.DOWNLINK_RETENTION)),
        schedule(),
        curriculum(),
        new CheckpointConfig(
            values.get(OperationKeys.CHECKPOINT_INTERVAL),
            values.get(OperationKeys.CHECKPOINT_DIR)),
        values.get(OperationKeys.REPORT_SIMILARITY));
  }

  private KafkaConfig kafka() {
    return new KafkaConfig(
        values.get(FederationKeys.KAFKA_BOOTSTRAP_SERVERS),
        values.get(FederationKeys.KAFKA_PROPERTIES),
        whole(FederationKeys.KAFKA_REPLICATION_FACTOR),
        new KafkaConfig.Partitions(
            whole(FederationKeys.KAFKA_PARTITIONS_UPDATES),
            whole(FederationKeys.KAFKA_PARTITIONS_MODEL),
            whole(FederationKeys.KAFKA_PARTITIONS_DELTAS),
            whole(FederationKeys.KAFKA_PARTITIONS_CLIENTS)));
  }

  private CohortPolicy cohort() {
    return new CohortPolicy(
        whole(RoundKeys.COHORT_SIZE),
        values.get(RoundKeys.COHORT_OVER_SELECTION),
        whole(RoundKeys.COHORT_MIN_AVAILABLE),
        values.get(RoundKeys.COHORT_MIN_SAMPLES),
        values.get(RoundKeys.COHORT_REQUIRED_MEMORY));
  }

  private RoundPolicy round() {
    return new RoundPolicy(
        values.get(RoundKeys.ROUND_DEADLINE),
        whole(RoundKeys.ROUND_QUORUM),
        values.get(RoundKeys.ROUND_LIMIT),
        values.get(RoundKeys.ROUND_MAX_SAMPLES),
        values.get(RoundKeys.ROUND_PARTS),
        values.get(RoundKeys.ROUND_LATE),
        values.get(RoundKeys.ROUND_SURPLUS),
        values.get(RoundKeys.ROUND_DUPLICATE),
        new RetryPolicy(
            values.get(RoundKeys.ROUND_RETRY_BACKOFF),
            values.get(RoundKeys.ROUND_RETRY_MAX_BACKOFF),
            whole(RoundKeys.ROUND_RETRY_PAUSE_AFTER)));
  }

  private TrainingSettings training() {
    return new TrainingSettings(
        whole(ClientKeys.TRAINING_EPOCHS),
        whole(ClientKeys.TRAINING_BATCH_SIZE),
        values.get(ClientKeys.TRAINING_LEARNING_RATE),
        values.get(ClientKeys.TRAINING_MOMENTUM),
        values.get(ClientKeys.TRAINING_PROXIMAL),
        values.get(ClientKeys.TRAINING_EXTRA));
  }

  private StageSchedule schedule() {
    StageSchedule.Order order = values.get(ScheduleKeys.SCHEDULE_BLOCKS);
    boolean freezes = order == StageSchedule.Order.FREEZE;
    return new StageSchedule(
        order,
        whole(
            freezes ? ScheduleKeys.SCHEDULE_FREEZE_ROUNDS : ScheduleKeys.SCHEDULE_ROUNDS_PER_BLOCK),
        values.get(ScheduleKeys.SCHEDULE_UNFIT_STAGE),
        freezes ? freeze() : null);
  }

  private FreezeCriterion freeze() {
    return new FreezeCriterion(
        whole(ScheduleKeys.SCHEDULE_FREEZE_WINDOW),
        whole(ScheduleKeys.SCHEDULE_FREEZE_EVALUATIONS),
        values.get(ScheduleKeys.SCHEDULE_FREEZE_CHANGE),
        values.get(ScheduleKeys.SCHEDULE_FREEZE_LEVEL));
  }

  private Curriculum curriculum() {
    Range lambda =
        new Range(
            values.get(ScheduleKeys.CURRICULUM_LAMBDA_FROM),
            values.get(ScheduleKeys.CURRICULUM_LAMBDA_TO));
    Range gamma =
        new Range(
            values.get(ScheduleKeys.CURRICULUM_GAMMA_FROM),
            values.get(ScheduleKeys.CURRICULUM_GAMMA_TO));
    return switch (values.get(ScheduleKeys.CURRICULUM_KIND)) {
      case LINE ->
          new LinearCurriculum(
              lambda,
              gamma,
              values.get(ScheduleKeys.CURRICULUM_TIME_WEIGHT),
              values.get(ScheduleKeys.CURRICULUM_ROUNDS));
      case ADAPTIVE ->
          new AdaptiveCurriculum(
              lambda,
              gamma,
              values.get(ScheduleKeys.CURRICULUM_ADAPTIVE_TOLERANCE),
              values.get(ScheduleKeys.CURRICULUM_ADAPTIVE_STEP),
              values.get(ScheduleKeys.CURRICULUM_ADAPTIVE_MEMORY));
    };
  }

  private int whole(ConfigKey<Long> key) {
    return Math.toIntExact(values.get(key));
  }
}

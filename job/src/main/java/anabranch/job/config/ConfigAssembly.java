// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.codec.EncodingSettings.Value;
import anabranch.protocol.message.TrainingSettings;
import anabranch.udf.aggregation.MagnitudeBounds;
import anabranch.udf.round.BlockSchedule;
import anabranch.udf.round.CohortPolicy;
import anabranch.udf.round.CurriculumSchedule;
import anabranch.udf.round.CurriculumSchedule.Range;
import anabranch.udf.round.RetryPolicy;
import anabranch.udf.round.RoundPolicy;
import java.util.OptionalLong;

/** Puts checked values into the records that the job works with. */
final class ConfigAssembly {

  private static final String NO_PRESET = "custom";

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
        values.get(ConfigKeys.FEDERATION),
        values.get(ConfigKeys.SEED),
        kafka(),
        whole(ConfigKeys.MODEL_RING),
        new MagnitudeBounds(
            whole(ConfigKeys.MODEL_MAX_EXPONENT_PARAMETERS),
            whole(ConfigKeys.MODEL_MAX_EXPONENT_BUFFERS)),
        cohort(),
        round(),
        values.get(ConfigKeys.HOLD_BUDGET).map(OptionalLong::of).orElse(OptionalLong.empty()),
        values.get(ConfigKeys.AGGREGATION_RULE),
        values.get(ConfigKeys.AGGREGATION_SERVER_LEARNING_RATE),
        training(),
        encoding(),
        new BlockSchedule(
            values.get(ConfigKeys.SCHEDULE_BLOCKS), whole(ConfigKeys.SCHEDULE_ROUNDS_PER_BLOCK)),
        curriculum(),
        new CheckpointConfig(
            values.get(ConfigKeys.CHECKPOINT_INTERVAL), values.get(ConfigKeys.CHECKPOINT_DIR)),
        values.get(ConfigKeys.REPORT_SIMILARITY));
  }

  private KafkaConfig kafka() {
    return new KafkaConfig(
        values.get(ConfigKeys.KAFKA_BOOTSTRAP_SERVERS),
        values.get(ConfigKeys.KAFKA_PROPERTIES),
        whole(ConfigKeys.KAFKA_REPLICATION_FACTOR),
        new KafkaConfig.Partitions(
            whole(ConfigKeys.KAFKA_PARTITIONS_UPDATES),
            whole(ConfigKeys.KAFKA_PARTITIONS_MODEL),
            whole(ConfigKeys.KAFKA_PARTITIONS_CLIENTS)));
  }

  private CohortPolicy cohort() {
    return new CohortPolicy(
        whole(ConfigKeys.COHORT_SIZE),
        values.get(ConfigKeys.COHORT_OVER_SELECTION),
        whole(ConfigKeys.COHORT_MIN_AVAILABLE),
        values.get(ConfigKeys.COHORT_MIN_SAMPLES),
        values.get(ConfigKeys.COHORT_REQUIRED_MEMORY));
  }

  private RoundPolicy round() {
    return new RoundPolicy(
        values.get(ConfigKeys.ROUND_DEADLINE),
        whole(ConfigKeys.ROUND_QUORUM),
        values.get(ConfigKeys.ROUND_LIMIT),
        values.get(ConfigKeys.ROUND_MAX_SAMPLES),
        values.get(ConfigKeys.ROUND_PARTS),
        values.get(ConfigKeys.ROUND_LATE),
        values.get(ConfigKeys.ROUND_SURPLUS),
        values.get(ConfigKeys.ROUND_DUPLICATE),
        new RetryPolicy(
            values.get(ConfigKeys.ROUND_RETRY_BACKOFF),
            values.get(ConfigKeys.ROUND_RETRY_MAX_BACKOFF),
            whole(ConfigKeys.ROUND_RETRY_PAUSE_AFTER)));
  }

  private TrainingSettings training() {
    return new TrainingSettings(
        whole(ConfigKeys.TRAINING_EPOCHS),
        whole(ConfigKeys.TRAINING_BATCH_SIZE),
        values.get(ConfigKeys.TRAINING_LEARNING_RATE),
        values.get(ConfigKeys.TRAINING_MOMENTUM),
        values.get(ConfigKeys.TRAINING_PROXIMAL),
        values.get(ConfigKeys.TRAINING_EXTRA));
  }

  private EncodingSettings encoding() {
    double fraction = values.get(ConfigKeys.ENCODING_FRACTION);
    boolean axes =
        values.isGiven(ConfigKeys.ENCODING_REFERENCE)
            || values.isGiven(ConfigKeys.ENCODING_INDEX)
            || values.isGiven(ConfigKeys.ENCODING_VALUE);
    if (!axes) {
      return values.get(ConfigKeys.ENCODING_PRESET).settings(fraction);
    }
    Value value = values.get(ConfigKeys.ENCODING_VALUE);
    return new EncodingSettings(
        NO_PRESET,
        values.get(ConfigKeys.ENCODING_REFERENCE),
        values.get(ConfigKeys.ENCODING_INDEX),
        value,
        switch (value) {
          case F32 -> Float.SIZE;
          case F16, BF16 -> Short.SIZE;
          case AFFINE -> whole(ConfigKeys.ENCODING_BITS);
        },
        fraction);
  }

  private CurriculumSchedule curriculum() {
    return new CurriculumSchedule(
        new Range(
            values.get(ConfigKeys.CURRICULUM_LAMBDA_FROM),
            values.get(ConfigKeys.CURRICULUM_LAMBDA_TO)),
        new Range(
            values.get(ConfigKeys.CURRICULUM_GAMMA_FROM),
            values.get(ConfigKeys.CURRICULUM_GAMMA_TO)),
        values.get(ConfigKeys.CURRICULUM_TIME_WEIGHT),
        values.get(ConfigKeys.CURRICULUM_ROUNDS));
  }

  private int whole(ConfigKey<Long> key) {
    return Math.toIntExact(values.get(key));
  }
}

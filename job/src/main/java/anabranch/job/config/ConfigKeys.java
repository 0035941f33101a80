// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

import anabranch.job.config.ConfigKey.Fallback;
import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.codec.Reference;
import anabranch.udf.aggregation.AggregationRule;
import anabranch.udf.round.BlockSchedule;
import anabranch.udf.round.RoundPolicy.Parts;
import anabranch.udf.round.RoundPolicy.Unused;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The table of all keys: what is read, checked, defaulted and documented is what stands here. */
final class ConfigKeys {

  private static final List<ConfigKey<?>> TABLE = new ArrayList<>();

  private static final long BILLION = 1_000_000_000;
  private static final long TEBIBYTE = 1L << 40;

  static final ConfigKey<String> FEDERATION =
      required(
          "federation",
          Text.of("[A-Za-z0-9_-]{1,100}", "1 to 100 characters of A-Z a-z 0-9 _ -"),
          "Name of the federation, out of which the names of its topics and transactional ids are made.");
  static final ConfigKey<Long> SEED =
      key(
          "seed",
          new WholeNumber(Long.MIN_VALUE, Long.MAX_VALUE),
          "42",
          "Everything that is drawn follows from it, cohorts first: same seed, same draws.");

  static final ConfigKey<String> KAFKA_BOOTSTRAP_SERVERS =
      required(
          "kafka.bootstrap-servers",
          Text.of("[^\\s,]+:\\d{1,5}(,[^\\s,]+:\\d{1,5})*", "host:port, several with commas"),
          "Where Kafka clients connect first.");
  static final ConfigKey<Map<String, String>> KAFKA_PROPERTIES =
      key(
          "kafka.properties",
          new TextMap(),
          "{}",
          "Passed to every Kafka client as they are: security above all, such as"
              + " `security.protocol: SASL_SSL`.");
  static final ConfigKey<Long> KAFKA_REPLICATION_FACTOR =
      key(
          "kafka.replication-factor",
          new WholeNumber(1, 100),
          "1",
          "copies",
          "Of every topic. 1 fits a single broker; use 3 where data must survive one.");
  static final ConfigKey<Long> KAFKA_PARTITIONS_UPDATES =
      key(
          "kafka.partitions.updates",
          new WholeNumber(1, 10_000),
          "4",
          "partitions",
          "Of the topic of client updates: the most subtasks that can read and decode it.");
  static final ConfigKey<Long> KAFKA_PARTITIONS_MODEL =
      key(
          "kafka.partitions.model",
          new WholeNumber(1, 10_000),
          "4",
          "partitions",
          "Of the topic of model segments, which every client reads.");
  static final ConfigKey<Long> KAFKA_PARTITIONS_CLIENTS =
      key(
          "kafka.partitions.clients",
          new WholeNumber(1, 10_000),
          "1",
          "partitions",
          "Of the topic of check-ins, which are small.");

  static final ConfigKey<Long> MODEL_RING =
      key(
          "model.ring",
          new WholeNumber(2, 1_000),
          "4",
          "versions",
          "Versions of a segment that have keys of their own on the model topic: one can be read until as many newer ones are out.");
  static final ConfigKey<Long> MODEL_MAX_EXPONENT_PARAMETERS =
      key(
          "model.max-exponent.parameters",
          new WholeNumber(-64, 64),
          "16",
          "E of 2^E",
          "An update with a parameter value beyond ±2^E is rejected. The bound makes sums exact;"
              + " each step down gains one bit of precision.");
  static final ConfigKey<Long> MODEL_MAX_EXPONENT_BUFFERS =
      key(
          "model.max-exponent.buffers",
          new WholeNumber(-64, 64),
          "16",
          "E of 2^E",
          "The same for buffers, such as the running statistics of batch normalization.");

  static final ConfigKey<Duration> ROUND_DEADLINE =
      key(
          "round.deadline",
          new DurationRange(Duration.ofSeconds(1), Duration.ofDays(30)),
          "2min",
          "Time that clients have, from the moment they can see the plan. Longer than"
              + " `checkpoint.interval`.");
  static final ConfigKey<Long> COHORT_SIZE =
      key(
          "cohort.size",
          new WholeNumber(1, BILLION),
          "10",
          "updates",
          "Complete updates that close a round.");
  static final ConfigKey<Long> ROUND_QUORUM =
      sameAs(
          COHORT_SIZE,
          "round.quorum",
          "updates",
          "Complete updates without which a round fails at its deadline and leaves the model as it"
              + " is. At most `cohort.size`.");
  static final ConfigKey<Long> ROUND_LIMIT =
      key(
          "round.limit",
          new WholeNumber(0, Long.MAX_VALUE),
          "0",
          "rounds",
          "Completed rounds after which the federation is finished; 0 is no limit.");
  static final ConfigKey<Long> ROUND_MAX_SAMPLES =
      key(
          "round.max-samples",
          new WholeNumber(1, 1_000 * BILLION),
          "1000000",
          "samples",
          "The most that the weight of one update counts, whatever its client declares.");
  static final ConfigKey<Parts> ROUND_PARTS =
      key(
          "round.parts",
          new Choice<>(Parts.class),
          "atomic",
          "Whether an update of several records counts as a whole or not at all (`atomic`), or each"
              + " record as it comes (`independent`), which holds nothing back.");
  static final ConfigKey<Unused> ROUND_LATE =
      unused("round.late", "a record whose round was closed by its deadline");
  static final ConfigKey<Unused> ROUND_SURPLUS =
      unused("round.surplus", "a record whose round had enough updates");
  static final ConfigKey<Unused> ROUND_DUPLICATE =
      unused("round.duplicate", "a record that had come before");
  static final ConfigKey<Duration> ROUND_RETRY_BACKOFF =
      key(
          "round.retry.backoff",
          new DurationRange(Duration.ofMillis(100), Duration.ofDays(1)),
          "5s",
          "Pause after a failed round. It doubles with each failure in a row.");
  static final ConfigKey<Duration> ROUND_RETRY_MAX_BACKOFF =
      key(
          "round.retry.max-backoff",
          new DurationRange(Duration.ofMillis(100), Duration.ofDays(1)),
          "5min",
          "Longest pause. At least `round.retry.backoff`.");
  static final ConfigKey<Long> ROUND_RETRY_PAUSE_AFTER =
      key(
          "round.retry.pause-after",
          new WholeNumber(1, BILLION),
          "5",
          "rounds",
          "Failures in a row after which the federation pauses, since something is wrong that"
              + " another attempt will not mend.");

  static final ConfigKey<Double> COHORT_OVER_SELECTION =
      key(
          "cohort.over-selection",
          Decimal.between(1, 1_000),
          "1.0",
          "factor",
          "Clients drawn for each update that is wanted. Above 1 hides stragglers and wastes the"
              + " work of those that come last.");
  static final ConfigKey<Long> COHORT_MIN_AVAILABLE =
      sameAs(
          COHORT_SIZE,
          "cohort.min-available",
          "clients",
          "Eligible clients that must have checked in before a round opens. At least"
              + " `round.quorum`.");
  static final ConfigKey<Long> COHORT_MIN_SAMPLES =
      key(
          "cohort.min-samples",
          new WholeNumber(1, Long.MAX_VALUE),
          "1",
          "samples",
          "Declared samples that make a client eligible.");
  static final ConfigKey<Long> COHORT_REQUIRED_MEMORY =
      key(
          "cohort.required-memory",
          new SizeRange(0, TEBIBYTE),
          "0b",
          "Declared memory that makes a client eligible. Who declares none counts as having"
              + " enough.");

  static final ConfigKey<Optional<Long>> HOLD_BUDGET =
      key(
          "hold.budget",
          new OrWord<>("auto", new SizeRange(1 << 20, 1024 * TEBIBYTE)),
          "auto",
          "Payload that may wait in the job for the rest of its updates. Cohorts are clamped to it."
              + " `auto` is a share of the cluster's memory.");

  static final ConfigKey<AggregationRule> AGGREGATION_RULE =
      key(
          "aggregation.rule",
          new Choice<>(AggregationRule.class),
          "weighted-mean",
          "How updates combine. In `weighted-mean` a coordinate that a sparse update leaves out"
              + " counts as 0; in `coordinate-count-mean` it is left out of the mean.");
  static final ConfigKey<Double> AGGREGATION_SERVER_LEARNING_RATE =
      key(
          "aggregation.server-learning-rate",
          Decimal.aboveTo(0, 1_000_000),
          "1.0",
          "Share of the mean change that the model takes; 1 is plain averaging.");

  static final ConfigKey<Long> TRAINING_EPOCHS =
      key(
          "training.epochs",
          new WholeNumber(1, 1_000_000),
          "1",
          "passes",
          "Over a client's samples in a round. More means fewer rounds and more drift.");
  static final ConfigKey<Long> TRAINING_BATCH_SIZE =
      key("training.batch-size", new WholeNumber(1, 1_000_000), "20", "samples", "Of a step.");
  static final ConfigKey<Double> TRAINING_LEARNING_RATE =
      key(
          "training.learning-rate",
          Decimal.above(0),
          "0.05",
          "Step size of the clients' optimizer.");
  static final ConfigKey<Double> TRAINING_MOMENTUM =
      key(
          "training.momentum",
          Decimal.fromToBelow(0, 1),
          "0.0",
          "Of the clients' optimizer; it begins anew in every round.");
  static final ConfigKey<Double> TRAINING_PROXIMAL =
      key(
          "training.proximal",
          Decimal.atLeast(0),
          "0.0",
          "μ of FedProx (arXiv 1812.06127), which holds clients near the global model.");
  static final ConfigKey<Map<String, String>> TRAINING_EXTRA =
      key(
          "training.extra",
          new TextMap(),
          "{}",
          "Travels in every plan, for trainers of your own.");

  static final ConfigKey<EncodingPreset> ENCODING_PRESET =
      key(
          "encoding.preset",
          new Choice<>(EncodingPreset.class),
          "dense-f32",
          "How clients encode updates, by name. Instead of it, any of the axes below can be given.");
  static final ConfigKey<Reference> ENCODING_REFERENCE =
      key(
          "encoding.reference",
          new Choice<>(Reference.class),
          "delta",
          "Whether values are changes or the trained values themselves.");
  static final ConfigKey<EncodingSettings.Index> ENCODING_INDEX =
      key(
          "encoding.index",
          new Choice<>(EncodingSettings.Index.class),
          "dense",
          "How an update says which elements it carries. `seeded` carries a random share, the other"
              + " sparse codes the elements of greatest magnitude; `smallest` takes whichever of"
              + " them needs the fewest bytes.");
  static final ConfigKey<EncodingSettings.Value> ENCODING_VALUE =
      key(
          "encoding.value",
          new Choice<>(EncodingSettings.Value.class),
          "f32",
          "How values are written: 32 or 16 bits, or `affine` codes of `encoding.bits`.");
  static final ConfigKey<Long> ENCODING_BITS =
      key("encoding.bits", new WholeNumber(0, 16), "8", "bits", "Of an affine code.");
  static final ConfigKey<Double> ENCODING_FRACTION =
      key(
          "encoding.fraction",
          Decimal.aboveTo(0, 1),
          "1.0",
          "Share of the elements that a sparse update carries. Preset `top-k` and the sparse index"
              + " codes need it.");

  static final ConfigKey<BlockSchedule.Order> SCHEDULE_BLOCKS =
      key(
          "schedule.blocks",
          new Choice<>(BlockSchedule.Order.class),
          "whole",
          "Which blocks a round trains: all, one after the other in a circle, or one after the other"
              + " until the last.");
  static final ConfigKey<Long> SCHEDULE_ROUNDS_PER_BLOCK =
      key(
          "schedule.rounds-per-block",
          new WholeNumber(1, 1_000_000),
          "1",
          "rounds",
          "Completed rounds before the next block has its turn.");

  static final ConfigKey<Double> CURRICULUM_LAMBDA_FROM =
      curriculum("curriculum.lambda.from", "Weight λ of nHSIC(X; Z) in the loss at s = 0.");
  static final ConfigKey<Double> CURRICULUM_LAMBDA_TO =
      curriculum("curriculum.lambda.to", "The same at s = 1.");
  static final ConfigKey<Double> CURRICULUM_GAMMA_FROM =
      curriculum("curriculum.gamma.from", "Weight γ of nHSIC(Y; Z) in the loss at s = 0.");
  static final ConfigKey<Double> CURRICULUM_GAMMA_TO =
      curriculum("curriculum.gamma.to", "The same at s = 1.");
  static final ConfigKey<Double> CURRICULUM_TIME_WEIGHT =
      key(
          "curriculum.time-weight",
          Decimal.between(0, 1),
          "0",
          "w in s = (1 − w)·(t − 1)/(T − 1) + w·min(1, r/R), with stage t of T and r completed"
              + " rounds: 0 follows the stages alone, 1 the rounds alone. With one stage the first"
              + " fraction is 1.");
  static final ConfigKey<Long> CURRICULUM_ROUNDS =
      key(
          "curriculum.rounds",
          new WholeNumber(0, BILLION),
          "0",
          "rounds",
          "R above. At least 1 when `curriculum.time-weight` is above 0.");

  static final ConfigKey<Optional<Duration>> CHECKPOINT_INTERVAL =
      key(
          "checkpoint.interval",
          new OrWord<>("auto", new DurationRange(Duration.ofMillis(100), Duration.ofHours(1))),
          "auto",
          "Clients see a plan only after a checkpoint, so this is the latency of a round. `auto` follows the size of the model, from 500ms.");
  static final ConfigKey<Optional<String>> CHECKPOINT_DIR =
      key(
          "checkpoint.dir",
          new OrWord<>("none", Text.of("\\S.*", "a URI or a path")),
          "none",
          "Where checkpoints go; all nodes of the cluster must reach it. `none` leaves it to the"
              + " cluster's own configuration.");

  static final ConfigKey<Boolean> REPORT_SIMILARITY =
      key(
          "report.similarity",
          new Toggle(),
          "false",
          "Whether reports tell how similar the updates of a round were. It needs ND4J in the"
              + " cluster's `lib/`.");

  private ConfigKeys() {}

  /** All keys in the order of the documentation. */
  static List<ConfigKey<?>> all() {
    return Collections.unmodifiableList(TABLE);
  }

  private static <T> ConfigKey<T> add(ConfigKey<T> key) {
    TABLE.add(key);
    return key;
  }

  private static <T> ConfigKey<T> key(
      String path, ValueType<T> type, String fallback, String unit, String reason) {
    return add(new ConfigKey<>(path, type, new Fallback.Value(fallback), unit, reason));
  }

  private static <T> ConfigKey<T> key(
      String path, ValueType<T> type, String fallback, String reason) {
    return key(path, type, fallback, "", reason);
  }

  private static <T> ConfigKey<T> required(String path, ValueType<T> type, String reason) {
    return add(new ConfigKey<>(path, type, new Fallback.Required(), "", reason));
  }

  private static <T> ConfigKey<T> sameAs(
      ConfigKey<T> other, String path, String unit, String reason) {
    return add(new ConfigKey<>(path, other.type(), new Fallback.SameAs(other), unit, reason));
  }

  private static ConfigKey<Unused> unused(String path, String which) {
    return key(
        path,
        new Choice<>(Unused.class),
        "count",
        "What becomes of %s: `count`ed in the ledger, or also told in a `record` on the rejected topic."
            .formatted(which));
  }

  private static ConfigKey<Double> curriculum(String path, String reason) {
    return key(path, Decimal.atLeast(0), "0", reason);
  }
}

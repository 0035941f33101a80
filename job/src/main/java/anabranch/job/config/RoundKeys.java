// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

import anabranch.udf.aggregation.AggregationRule;
import anabranch.udf.round.RoundPolicy.Parts;
import anabranch.udf.round.RoundPolicy.Unused;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** When a round ends, whom it draws and how what they send is combined. */
final class RoundKeys {

  static final KeyTable TABLE = new KeyTable();

  private static final long BILLION = 1_000_000_000;
  private static final long TEBIBYTE = 1L << 40;

  static final ConfigKey<Duration> ROUND_DEADLINE =
      TABLE.key(
          "round.deadline",
          new DurationRange(Duration.ofSeconds(1), Duration.ofDays(30)),
          "2min",
          "Time that clients have, from the moment they can see the plan. Longer than"
              + " `checkpoint.interval`.");
  static final ConfigKey<Long> COHORT_SIZE =
      TABLE.key(
          "cohort.size",
          new WholeNumber(1, BILLION),
          "10",
          "updates",
          "Complete updates that close a round.");
  static final ConfigKey<Long> ROUND_QUORUM =
      TABLE.sameAs(
          COHORT_SIZE,
          "round.quorum",
          "updates",
          "Complete updates without which a round fails at its deadline and leaves the model as it"
              + " is. At most `cohort.size`.");
  static final ConfigKey<Long> ROUND_LIMIT =
      TABLE.key(
          "round.limit",
          new WholeNumber(0, Long.MAX_VALUE),
          "0",
          "rounds",
          "Completed rounds after which the federation is finished; 0 is no limit.");
  static final ConfigKey<Long> ROUND_MAX_SAMPLES =
      TABLE.key(
          "round.max-samples",
          new WholeNumber(1, 1_000 * BILLION),
          "1000000",
          "samples",
          "The most that the weight of one update counts, whatever its client declares.");
  static final ConfigKey<Parts> ROUND_PARTS =
      TABLE.key(
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
      TABLE.key(
          "round.retry.backoff",
          new DurationRange(Duration.ofMillis(100), Duration.ofDays(1)),
          "5s",
          "Pause after a failed round. It doubles with each failure in a row.");
  static final ConfigKey<Duration> ROUND_RETRY_MAX_BACKOFF =
      TABLE.key(
          "round.retry.max-backoff",
          new DurationRange(Duration.ofMillis(100), Duration.ofDays(1)),
          "5min",
          "Longest pause. At least `round.retry.backoff`.");
  static final ConfigKey<Long> ROUND_RETRY_PAUSE_AFTER =
      TABLE.key(
          "round.retry.pause-after",
          new WholeNumber(1, BILLION),
          "5",
          "rounds",
          "Failures in a row after which the federation pauses, since something is wrong that"
              + " another attempt will not mend.");

  static final ConfigKey<Double> COHORT_OVER_SELECTION =
      TABLE.key(
          "cohort.over-selection",
          Decimal.between(1, 1_000),
          "1.0",
          "factor",
          "Clients drawn for each update that is wanted. Above 1 hides stragglers and wastes the"
              + " work of those that come last.");
  static final ConfigKey<Long> COHORT_MIN_AVAILABLE =
      TABLE.sameAs(
          COHORT_SIZE,
          "cohort.min-available",
          "clients",
          "Clients that must have checked in before a round opens, each eligible for one stage at"
              + " least. At least `round.quorum`.");
  static final ConfigKey<Long> COHORT_MIN_SAMPLES =
      TABLE.key(
          "cohort.min-samples",
          new WholeNumber(1, Long.MAX_VALUE),
          "1",
          "samples",
          "Declared samples that make a client eligible.");
  static final ConfigKey<List<Long>> COHORT_REQUIRED_MEMORY =
      TABLE.key(
          "cohort.required-memory",
          new Listed<>(new SizeRange(0, TEBIBYTE)),
          "0b",
          "Declared memory that makes a client eligible: one size for all stages, or one for each"
              + " in their order. Who declares none counts as having enough.");

  static final ConfigKey<Optional<Long>> HOLD_BUDGET =
      TABLE.key(
          "hold.budget",
          new OrWord<>("auto", new SizeRange(1 << 20, 1024 * TEBIBYTE)),
          "auto",
          "Payload that may wait in the job for the rest of its updates. Cohorts are clamped to it."
              + " `auto` is a share of the cluster's memory.");

  static final ConfigKey<AggregationRule> AGGREGATION_RULE =
      TABLE.key(
          "aggregation.rule",
          new Choice<>(AggregationRule.class),
          "weighted-mean",
          "How updates combine. In `weighted-mean` a coordinate that a sparse update leaves out"
              + " counts as 0; in `coordinate-count-mean` it is left out of the mean.");
  static final ConfigKey<Double> AGGREGATION_SERVER_LEARNING_RATE =
      TABLE.key(
          "aggregation.server-learning-rate",
          Decimal.aboveTo(0, 1_000_000),
          "1.0",
          "Share of the mean change that the model takes; 1 is plain averaging.");

  private RoundKeys() {}

  private static ConfigKey<Unused> unused(String path, String which) {
    return TABLE.key(
        path,
        new Choice<>(Unused.class),
        "count",
        "What becomes of %s: `count`ed in the ledger, or also told in a `record` on the rejected topic."
            .formatted(which));
  }
}

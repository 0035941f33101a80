// SPDX-License-Identifier: Apache-2.0
package anabranch.job;

import anabranch.job.config.FederationConfig;
import anabranch.protocol.model.ModelManifest;
import anabranch.udf.operator.SegmentPlacement;
import java.time.Duration;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** What the job demands of Flink, and what it only proposes. */
final class ExecutionSettings {

  /** On RocksDB each read and write of a sum crosses into native code: fold a mebibyte at once. */
  private static final int ROCKSDB_FOLD_BATCH_BYTES = 1 << 20;

  private ExecutionSettings() {}

  static void apply(
      StreamExecutionEnvironment env, FederationConfig config, ModelManifest manifest) {
    Configuration demanded = new Configuration();
    demanded.set(PipelineOptions.MAX_PARALLELISM, SegmentPlacement.KEY_GROUPS);
    // A missing uid or a type that would fall to Kryo fails the submission, not a later restore.
    demanded.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
    demanded.set(PipelineOptions.GENERIC_TYPES, false);
    demanded.set(PipelineOptions.OBJECT_REUSE, true);
    demanded.set(
        CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE, CheckpointingMode.EXACTLY_ONCE);
    // Unaligned barriers could commit an announcement one checkpoint before its segments.
    demanded.set(CheckpointingOptions.ENABLE_UNALIGNED, false);
    Duration interval =
        config.checkpoint().interval().orElseGet(() -> CheckpointSchedule.auto(manifest));
    demanded.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, interval);
    demanded.set(CheckpointingOptions.MIN_PAUSE_BETWEEN_CHECKPOINTS, interval.dividedBy(2));
    config
        .checkpoint()
        .directory()
        .ifPresent(dir -> demanded.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, dir));
    propose(env.getConfiguration(), demanded);
    env.configure(demanded);
  }

  /** Settings that the cluster's own configuration overrides. */
  private static void propose(ReadableConfig cluster, Configuration settings) {
    if (cluster.getOptional(CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION).isEmpty()) {
      settings.set(
          CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
          ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
    }
    if (cluster.getOptional(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER).isEmpty()) {
      settings.set(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER, 3);
    }
    if (cluster.getOptional(ExecutionOptions.BUFFER_TIMEOUT).isEmpty()) {
      // A header, its order, the sealed version and its announcement each wait for it in a round.
      settings.set(ExecutionOptions.BUFFER_TIMEOUT, Duration.ofMillis(5));
    }
    if (cluster.getOptional(RestartStrategyOptions.RESTART_STRATEGY).isEmpty()) {
      settings.set(RestartStrategyOptions.RESTART_STRATEGY, "exponential-delay");
      settings.set(
          RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_INITIAL_BACKOFF,
          Duration.ofMillis(100));
      settings.set(
          RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF,
          Duration.ofSeconds(10));
    }
  }

  /** How many payload bytes an aggregator collects before it folds, by the state backend. */
  static int foldBatchBytes(StreamExecutionEnvironment env) {
    return env.getConfiguration()
        .getOptional(StateBackendOptions.STATE_BACKEND)
        .filter("rocksdb"::equalsIgnoreCase)
        .map(backend -> ROCKSDB_FOLD_BATCH_BYTES)
        .orElse(0);
  }
}

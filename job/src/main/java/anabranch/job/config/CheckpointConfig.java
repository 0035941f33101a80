// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

import java.time.Duration;
import java.util.Optional;

/**
 * How often the job's state is saved and where. Every published record waits for a checkpoint, so
 * the interval is the latency of a round.
 *
 * @param interval between checkpoints; empty to have it follow the size of the model
 * @param directory URI that all nodes of the cluster can write to; empty for the cluster's own
 */
public record CheckpointConfig(Optional<Duration> interval, Optional<String> directory) {}

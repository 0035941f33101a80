// SPDX-License-Identifier: Apache-2.0
package anabranch.job;

import anabranch.protocol.model.ModelManifest;
import java.time.Duration;

/**
 * How often the job's state is saved. A round's result becomes visible with a checkpoint, so the
 * interval is the latency of a round: short while the state is small, longer by its size.
 */
public final class CheckpointSchedule {

  private static final long SHORTEST_MILLIS = 500;
  private static final long LONGEST_MILLIS = 60_000;

  /** What a snapshot is assumed to write: 100 MB a second. */
  private static final long BYTES_PER_MILLI = 100_000;

  private CheckpointSchedule() {}

  /** The interval for a model whose every segment holds a version and a sum. */
  public static Duration auto(ModelManifest manifest) {
    long stateBytes = manifest.size() * (Float.BYTES + Long.BYTES);
    return Duration.ofMillis(
        Math.min(LONGEST_MILLIS, Math.max(SHORTEST_MILLIS, stateBytes / BYTES_PER_MILLI)));
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

import java.time.Duration;
import java.util.Optional;

/** How the job saves its state, and what it reports. */
final class OperationKeys {

  static final KeyTable TABLE = new KeyTable();

  static final ConfigKey<Optional<Duration>> CHECKPOINT_INTERVAL =
      TABLE.key(
          "checkpoint.interval",
          new OrWord<>("auto", new DurationRange(Duration.ofMillis(100), Duration.ofHours(1))),
          "auto",
          "Clients see a plan only after a checkpoint, so this is the latency of a round. `auto` follows the size of the model, from 500ms.");
  static final ConfigKey<Optional<String>> CHECKPOINT_DIR =
      TABLE.key(
          "checkpoint.dir",
          new OrWord<>("none", Text.of("\\S.*", "a URI or a path")),
          "none",
          "Where checkpoints go; all nodes of the cluster must reach it. `none` leaves it to the"
              + " cluster's own configuration.");

  static final ConfigKey<Boolean> REPORT_SIMILARITY =
      TABLE.key(
          "report.similarity",
          new Toggle(),
          "false",
          "Whether reports tell how similar the updates of a round were. It needs ND4J in the"
              + " cluster's `lib/`.");

  private OperationKeys() {}
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

import anabranch.protocol.codec.EncodingSettings;
import java.time.Duration;
import java.util.Optional;

/** How new versions of the model travel. */
final class DownlinkKeys {

  static final KeyTable TABLE = new KeyTable();

  static final ConfigKey<Optional<EncodingSettings>> DOWNLINK_PRESET =
      TABLE.key(
          "downlink.preset",
          new OrWord<>("none", new Preset()),
          "none",
          "How the change from one version to the next is encoded; what that leaves out, the next"
              + " change has too. `none` publishes every version whole.");
  static final ConfigKey<Long> DOWNLINK_SNAPSHOT_EVERY =
      TABLE.key(
          "downlink.snapshot-every",
          new WholeNumber(1, 1_000_000),
          "10",
          "versions",
          "Versions of a block after which one is published whole as well, for clients that come"
              + " late and for a job without state.");
  static final ConfigKey<Duration> DOWNLINK_RETENTION =
      TABLE.key(
          "downlink.retention",
          new DurationRange(Duration.ofMinutes(1), Duration.ofDays(365)),
          "7d",
          "Time that changes are kept, for clients that missed rounds. When half of it has passed"
              + " since a whole version, there is a new one.");

  private DownlinkKeys() {}
}

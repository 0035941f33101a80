// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

import anabranch.protocol.codec.EncodingSettings;
import anabranch.udf.round.DownlinkPolicy;
import java.time.Duration;
import java.util.Optional;

/**
 * How new versions of the model travel.
 *
 * @param encoding of the change from one to the next; empty to publish each whole
 * @param snapshotEvery versions of a block after which one is published whole as well, at least 1
 * @param retention how long changes are kept
 */
public record DownlinkConfig(
    Optional<EncodingSettings> encoding, int snapshotEvery, Duration retention) {

  /** What the coordinator decides by, null when every version is published whole. */
  DownlinkPolicy policy() {
    return encoding
        .map(settings -> new DownlinkPolicy(settings, snapshotEvery, retention))
        .orElse(null);
  }
}

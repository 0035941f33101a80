// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import anabranch.protocol.codec.EncodingSettings;
import java.io.Serializable;
import java.time.Duration;

/**
 * How new versions of the model travel as changes.
 *
 * @param encoding of a change
 * @param snapshotEvery versions of a block after which one is published whole as well, at least 1
 * @param retention how long the deltas topic keeps a change
 */
public record DownlinkPolicy(EncodingSettings encoding, int snapshotEvery, Duration retention)
    implements Serializable {

  /**
   * How old a whole version may become: its changes must outlast whoever begins from it, and the
   * job's next start.
   */
  public Duration longestSnapshotAge() {
    return retention.dividedBy(2);
  }
}

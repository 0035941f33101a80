// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.operator;

import anabranch.protocol.avro.Records;
import anabranch.protocol.message.Announcement;
import java.io.Serializable;
import java.util.Comparator;
import java.util.List;

/**
 * The newest announcements on the plans topic when the job was submitted: what a job without state
 * loads, and what one with state must not be behind of.
 */
public final class HeadAnnouncements implements Serializable {

  private final byte[][] records;
  private final boolean rollback;

  /**
   * @param announcements at least one
   * @param rollback whether a state that is behind them goes on under a new incarnation
   */
  public HeadAnnouncements(List<Announcement> announcements, boolean rollback) {
    this.records =
        announcements.stream()
            .sorted(Comparator.comparingLong(Announcement::sequence).reversed())
            .map(Records::encode)
            .toArray(byte[][]::new);
    this.rollback = rollback;
  }

  Announcement newest() {
    return Records.decodeAnnouncement(records[0]);
  }

  List<Announcement> newestFirst() {
    return List.of(records).stream().map(Records::decodeAnnouncement).toList();
  }

  boolean rollback() {
    return rollback;
  }
}

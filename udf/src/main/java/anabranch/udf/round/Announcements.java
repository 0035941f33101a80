// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.Plan;
import anabranch.protocol.message.RoundReceipts;
import anabranch.protocol.model.Digest;

/** Makes announcements from the coordinator's state. */
final class Announcements {

  private static final Digest NONE = Digest.of(new byte[Digest.LENGTH]);

  private Announcements() {}

  /**
   * @param receipts of the round that was just closed, or null
   */
  static Announcement of(
      CoordinatorState state, String federation, Digest manifest, RoundReceipts receipts) {
    Announcement.State shown =
        switch (state.phase) {
          case PAUSED -> Announcement.State.PAUSED;
          case FINISHED -> Announcement.State.FINISHED;
          default -> Announcement.State.RUNNING;
        };
    String reason =
        switch (state.phase) {
          case PAUSED ->
              "%d rounds failed in a row; goes on when a client checks in with a new session"
                  .formatted(state.failuresInRow);
          case FINISHED -> "the configured number of rounds is done";
          default -> "";
        };
    return new Announcement(
        federation,
        state.incarnation,
        state.sequence,
        state.modelVersion,
        manifest,
        state.blocks,
        shown,
        reason,
        state.open == null ? null : state.open.plan(),
        receipts);
  }

  /** The numbers of a state in the form of an announcement, to be kept in a snapshot. */
  static Announcement snapshot(CoordinatorState state, Plan open) {
    return new Announcement(
        "",
        state.incarnation,
        state.sequence,
        state.modelVersion,
        NONE,
        state.blocks,
        Announcement.State.RUNNING,
        "",
        open,
        state.newestReceipts);
  }
}

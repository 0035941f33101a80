// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.message;

import anabranch.protocol.model.Digest;
import java.util.List;

/**
 * The one record that idle clients read, on {@code <f>.plans}: which versions are usable, what
 * became of the last round, and what to do next.
 *
 * @param federation name
 * @param incarnation counts starts without state and rollbacks, from 0 for {@code model init}
 * @param sequence number of this announcement, rising by 1 over the federation's whole life
 * @param modelVersion number of completed rounds behind this model
 * @param manifest SHA-256 of the manifest record's value
 * @param blocks one for each block of the manifest, in order
 * @param state what the federation does
 * @param stateReason for people, empty while running
 * @param plan the open plan, or null when there is none
 * @param receipts of the round closed with this announcement, or null
 */
public record Announcement(
    String federation,
    int incarnation,
    long sequence,
    long modelVersion,
    Digest manifest,
    List<BlockVersion> blocks,
    State state,
    String stateReason,
    Plan plan,
    RoundReceipts receipts) {

  /** Announcements lie under {@code announcement/<sequence mod RING>}. */
  public static final int RING = 8;

  /** What the federation does. */
  public enum State {
    /** A round is open, or the next one will be. */
    RUNNING,
    /** Too many rounds failed in a row; a client's new session lets it go on. */
    PAUSED,
    /** The configured number of rounds is done. */
    FINISHED
  }

  public Announcement {
    blocks = List.copyOf(blocks);
  }

  /** The record key on the plans topic. */
  public String ringKey() {
    return "announcement/" + sequence % RING;
  }

  /** The same announcement with other block versions. */
  public Announcement withBlocks(List<BlockVersion> newBlocks) {
    return new Announcement(
        federation,
        incarnation,
        sequence,
        modelVersion,
        manifest,
        newBlocks,
        state,
        stateReason,
        plan,
        receipts);
  }
}

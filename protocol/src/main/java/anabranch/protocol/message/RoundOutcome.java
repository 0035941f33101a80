// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.message;

/** How a round ended. */
public enum RoundOutcome {
  /** Quorum reached, new versions published. */
  COMPLETED,
  /** Fewer complete updates than the quorum at the deadline; the model does not change. */
  QUORUM_MISSED,
  /** Fewer eligible clients than needed, no plan was opened; the model does not change. */
  NO_ELIGIBLE_CLIENTS,
  /** Updates came and every one was rejected; the model does not change. */
  ALL_REJECTED,
  /**
   * The job started without state, or from a state with another configuration, while this round was
   * open; the model does not change.
   */
  ABANDONED
}

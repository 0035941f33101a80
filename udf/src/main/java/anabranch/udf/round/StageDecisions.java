// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import anabranch.protocol.message.StageDecision;

/**
 * What the job has decided about its stages and reads from the control topic. A decision about one
 * version counts from the version after the next on: it is read while the round in between is open,
 * and a plan for which it is missing waits for it. So it does not matter when it comes.
 */
final class StageDecisions {

  private final FederationPolicy policy;
  private final CoordinatorState state;

  /** For the next report. */
  private String note = "";

  StageDecisions(FederationPolicy policy, CoordinatorState state) {
    this.policy = policy;
    this.state = state;
  }

  /** Takes in a decision; one of another timeline, or that came before, changes nothing. */
  void take(StageDecision decision) {
    boolean own =
        decision.incarnation() == state.incarnation
            && decision.federation().equals(policy.federation());
    if (own
        && decision.modelVersion() > state.decided
        && decision.modelVersion() <= state.modelVersion) {
      state.decided = decision.modelVersion();
      state.newestMovement = decision.movement();
      if (decision.movement().settled()) {
        state.settled.put(decision.modelVersion(), decision.stage());
      }
    }
  }

  /** A round was completed, or a model loaded, and nothing will be decided about its version. */
  void expectNone() {
    state.decided = state.modelVersion;
    state.settled.clear();
  }

  /** Whether the next plan has to wait for a decision. */
  boolean areAwaited() {
    return policy.schedule().freeze() != null && state.decided < counting();
  }

  /** The decision that is awaited will not come: the stage goes on. */
  void giveUp() {
    note = "no decision about version %d came, the stage goes on".formatted(counting());
    state.decided = counting();
  }

  /** What is to be told of it, once. */
  String takeNote() {
    String told = note;
    note = "";
    return told;
  }

  /**
   * Ends the turns of the stages that have settled.
   *
   * @param stages number of them
   */
  void apply(int stages) {
    var counts = state.settled.headMap(counting(), true);
    for (int settled : counts.values()) {
      int current = policy.schedule().stage(state.turn, stages);
      if (policy.schedule().freeze() != null && settled == current && current < stages) {
        state.turn = state.turn.next();
      }
    }
    counts.clear();
  }

  /** Decisions about this version and those before count for the next plan. */
  private long counting() {
    return state.modelVersion - 1;
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import anabranch.protocol.message.Announcement;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Stage;
import anabranch.udf.round.CoordinatorState.Phase;
import java.util.ArrayList;
import java.util.List;

/** Finds the stage that the next round trains, and who can train it. */
final class StageChoice {

  /**
   * A stage that enough clients can train.
   *
   * @param turn that is its
   * @param stage from 1
   * @param eligible sorted ids
   * @param note of the stages that were skipped, or empty
   */
  record Fit(Turn turn, int stage, List<String> eligible, String note) {}

  private final FederationPolicy policy;
  private final CoordinatorState state;
  private final List<Stage> stages;
  private final StageDecisions decisions;

  /** For the next report. */
  private String note = "";

  /**
   * @throws IllegalArgumentException if the required memory is not given for these stages
   */
  StageChoice(ModelManifest manifest, FederationPolicy policy, CoordinatorState state) {
    policy.demandFits(manifest);
    this.policy = policy;
    this.state = state;
    this.stages = policy.schedule().stages(manifest);
    this.decisions = new StageDecisions(policy, state);
    if (state.turn == null && state.phase != Phase.LOADING) {
      // An older release wrote the state, and skipped nothing.
      state.turn = policy.schedule().afterRounds(state.modelVersion);
      state.order = policy.schedule().order();
      decisions.expectNone();
    }
    if (state.open == null) {
      followOrder();
    }
  }

  /**
   * Begins with stage 1 if the configured order is another than the turn's, and the turn means
   * nothing under it. A round that an earlier job opened comes to its end before.
   *
   * @return whether it was so
   */
  private boolean followOrder() {
    if (state.turn == null) {
      return false;
    }
    StageSchedule schedule = policy.schedule();
    StageSchedule.Order before = state.order;
    state.order = schedule.order();
    if (before == null || schedule.goesOnFrom(before)) {
      return false;
    }
    state.turn = Turn.FIRST;
    decisions.expectNone();
    note =
        "schedule.blocks is %s and was %s: stage 1 begins"
            .formatted(state.order.keyword(), before.keyword());
    return true;
  }

  /** What the job has decided about its stages. */
  StageDecisions decisions() {
    return decisions;
  }

  /**
   * Begins with a model that was loaded.
   *
   * @param planned the newest announcement with a plan, or null
   */
  void begin(Announcement planned) {
    StageSchedule schedule = policy.schedule();
    state.turn =
        planned == null
            ? schedule.afterRounds(state.modelVersion)
            : schedule.afterRounds(
                state.modelVersion, planned.modelVersion(), planned.plan().stage(), stages.size());
    state.order = schedule.order();
    decisions.expectNone();
  }

  /** Goes on after a completed round. */
  void roundCompleted() {
    if (followOrder()) {
      return;
    }
    state.turn = policy.schedule().afterRound(state.turn);
    if (policy.schedule().freeze() == null) {
      decisions.expectNone();
    }
  }

  /** Number of stages. */
  int stages() {
    return stages.size();
  }

  /** A stage of the model, counted from 1. */
  Stage stage(int number) {
    return stages.get(number - 1);
  }

  /** The stage whose turn it is. */
  int current() {
    return policy.schedule().stage(state.turn, stages.size());
  }

  /** Clients that can train the stage whose turn it is. */
  int eligibleForCurrent() {
    return eligible(current()).size();
  }

  /**
   * The stage whose turn it is, or a later one where unfit stages are skipped; null while too few
   * clients are there.
   */
  Fit next() {
    followOrder();
    int needed = Math.max(policy.cohort().minAvailable(), policy.round().quorum());
    if (state.registry.size() < needed) {
      return null;
    }
    if (decisions.areAwaited()) {
      return null;
    }
    decisions.apply(stages.size());
    int first = current();
    List<String> eligible = eligible(first);
    state.newestEligible = eligible.size();
    if (available() < needed) {
      return null;
    }
    if (eligible.size() >= policy.round().quorum()) {
      return new Fit(state.turn, first, eligible, takeNote());
    }
    return policy.schedule().unfit() == StageSchedule.Unfit.SKIP ? afterSkipping(first) : null;
  }

  private Fit afterSkipping(int first) {
    List<String> notes = new ArrayList<>();
    int unfit = first;
    for (Turn turn = state.turn.next(); ; turn = turn.next()) {
      notes.add("stage %d was skipped: %s".formatted(unfit, want(unfit)));
      int stage = policy.schedule().stage(turn, stages.size());
      if (stage == first || stage == unfit) {
        return null;
      }
      List<String> eligible = eligible(stage);
      if (eligible.size() >= policy.round().quorum()) {
        state.newestEligible = eligible.size();
        notes.add(takeNote());
        return new Fit(turn, stage, eligible, Notes.join(notes.toArray(String[]::new)));
      }
      unfit = stage;
    }
  }

  /** What is to be told of the order and of decisions, once. */
  private String takeNote() {
    String told = Notes.join(note, decisions.takeNote());
    note = "";
    return told;
  }

  /** Why no round could be opened, if it is for the memory that the stage takes; else empty. */
  String whyNone() {
    int stage = current();
    boolean unfit =
        available() >= policy.round().quorum() && eligible(stage).size() < policy.round().quorum();
    return unfit ? "stage %d waits: %s".formatted(stage, want(stage)) : "";
  }

  private String want(int stage) {
    return "%d of %d clients have the %d bytes of memory that it takes, round.quorum is %d"
        .formatted(
            eligible(stage).size(),
            state.registry.size(),
            policy.cohort().requiredMemoryBytes(stage),
            policy.round().quorum());
  }

  private List<String> eligible(int stage) {
    return state.registry.eligible(policy.cohort(), policy.cohort().requiredMemoryBytes(stage));
  }

  /** Clients that can train one stage at least. */
  private int available() {
    return state
        .registry
        .eligible(policy.cohort(), policy.cohort().leastRequiredMemoryBytes())
        .size();
  }
}

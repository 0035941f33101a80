// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import anabranch.udf.round.CoordinatorState.Phase;

/** The time between two rounds, and how long it may last. */
final class Intermission {

  private final RoundPolicy policy;
  private final CoordinatorState state;

  Intermission(RoundPolicy policy, CoordinatorState state) {
    this.policy = policy;
    this.state = state;
  }

  /** The next round may open at once, unless the configured number of rounds is done. */
  void begin(long now) {
    boolean finished = policy.limit() > 0 && state.modelVersion >= policy.limit();
    state.phase = finished ? Phase.FINISHED : Phase.WAITING;
    state.waitUntil = now + policy.deadline().toMillis();
  }

  /** A round has failed: the next one opens later, or not before somebody looks at it. */
  void beginAfterFailure(long now) {
    state.failuresInRow++;
    state.backoffUntil = now + policy.retry().backoffMillis(state.failuresInRow);
    state.phase = Phase.WAITING;
    state.waitUntil = state.backoffUntil + policy.deadline().toMillis();
    if (state.failuresInRow >= policy.retry().pauseAfter()) {
      state.phase = Phase.PAUSED;
    }
  }

  /** The pause is over. */
  void resume(long now) {
    state.failuresInRow = 0;
    state.backoffUntil = now;
    begin(now);
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import anabranch.protocol.message.Outcome;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** The last closed plans, so that what comes for them is told late or surplus, not unknown. */
final class ClosedPlans {

  /** How many are remembered; what answers an older one is judged by its round number. */
  private static final int CAPACITY = 64;

  private record Closed(long planId, long round, boolean byQuota) {}

  private final Deque<Closed> plans = new ArrayDeque<>();

  /**
   * Remembers a plan, unless it is known or is none.
   *
   * @param planId 0 for a round without a plan
   * @param byQuota whether enough updates had come; otherwise by its deadline, or nobody knows
   */
  void add(long planId, long round, boolean byQuota) {
    if (planId == 0 || outcomeFor(planId) != null) {
      return;
    }
    plans.addFirst(new Closed(planId, round, byQuota));
    if (plans.size() > CAPACITY) {
      plans.removeLast();
    }
  }

  /** {@link Outcome#LATE}, {@link Outcome#SURPLUS}, or null for a plan that is not remembered. */
  Outcome outcomeFor(long planId) {
    for (Closed closed : plans) {
      if (closed.planId() == planId) {
        return closed.byQuota() ? Outcome.SURPLUS : Outcome.LATE;
      }
    }
    return null;
  }

  /** Whether a round is older than all that are remembered. */
  boolean forgotten(long round) {
    return !plans.isEmpty() && round < plans.getLast().round();
  }

  void write(DataOutput out) throws IOException {
    out.writeInt(plans.size());
    for (Closed closed : plans) {
      out.writeLong(closed.planId());
      out.writeLong(closed.round());
      out.writeBoolean(closed.byQuota());
    }
  }

  static ClosedPlans read(DataInput in) throws IOException {
    ClosedPlans read = new ClosedPlans();
    int size = in.readInt();
    for (int i = 0; i < size; i++) {
      read.plans.addLast(new Closed(in.readLong(), in.readLong(), in.readBoolean()));
    }
    return read;
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import anabranch.protocol.message.Ledger;
import anabranch.protocol.message.Plan;
import anabranch.protocol.message.StageMovement;
import anabranch.udf.round.CoordinatorState.Phase;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;

/**
 * The coordinator's state as numbers to be shown. They are views: what they show survives a restart
 * and is never counted twice. {@code docs/metrics.md} has units and equations. They are read by
 * other threads, so none walks through a collection.
 */
public final class CoordinatorGauges {

  private CoordinatorGauges() {}

  /** Gauges by metric name. */
  public static Map<String, Supplier<Number>> of(Coordinator coordinator) {
    CoordinatorState state = coordinator.state();
    Map<String, Supplier<Number>> gauges = new LinkedHashMap<>();
    ledger(state, gauges);
    round(state, gauges);
    bytes(state, gauges);
    gauges.put("quorum", () -> coordinator.policy().round().quorum());
    return gauges;
  }

  private static void ledger(CoordinatorState state, Map<String, Supplier<Number>> gauges) {
    Map<String, ToLongFunction<Ledger>> counts = new LinkedHashMap<>();
    counts.put("recordsReceived", Ledger::received);
    counts.put("recordsFolded", Ledger::folded);
    counts.put("recordsLate", Ledger::late);
    counts.put("recordsSurplus", Ledger::surplus);
    counts.put("recordsDuplicate", Ledger::duplicate);
    counts.put("recordsRejected", Ledger::rejected);
    counts.put("recordsExpired", Ledger::expired);
    counts.put("recordsOpen", Ledger::open);
    counts.forEach(
        (name, count) -> gauges.put(name, () -> count.applyAsLong(state.ledger.toLedger())));
  }

  private static void round(CoordinatorState state, Map<String, Supplier<Number>> gauges) {
    gauges.put("incarnation", () -> state.incarnation);
    gauges.put("round", () -> state.round);
    gauges.put("modelVersion", () -> state.modelVersion);
    gauges.put("roundMillis", () -> state.lastRoundMillis);
    gauges.put("clientsCheckedIn", () -> state.registry.size());
    gauges.put("clientsEligible", () -> state.newestEligible);
    gauges.put("cohort", () -> ofOpenRound(state, round -> round.plan().cohort().size()));
    gauges.put("updatesComplete", () -> ofOpenRound(state, OpenRound::completed));
    gauges.put("failuresInRow", () -> state.failuresInRow);
    gauges.put("paused", () -> state.phase == Phase.PAUSED ? 1 : 0);
    gauges.put("stage", () -> ofNewestPlan(state, Plan::stage));
    gauges.put("lambda", () -> ofNewestPlan(state, Plan::lambda));
    gauges.put("gamma", () -> ofNewestPlan(state, Plan::gamma));
    gauges.put("requiredMemory", () -> ofNewestPlan(state, Plan::requiredMemoryBytes));
    gauges.put("nhsicStage", () -> state.newestNhsicStage);
    gauges.put("nhsicX", () -> state.newestNhsic.x().orElse(0));
    gauges.put("nhsicY", () -> state.newestNhsic.y().orElse(0));
    gauges.put("nhsicBatch", () -> state.newestNhsic.batch().orElse(0));
    gauges.put("effectiveMovement", () -> effectiveMovement(state));
  }

  private static int ofOpenRound(CoordinatorState state, ToIntFunction<OpenRound> value) {
    OpenRound round = state.open;
    return round == null ? 0 : value.applyAsInt(round);
  }

  private static double ofNewestPlan(CoordinatorState state, ToDoubleFunction<Plan> value) {
    Plan plan = state.newestPlan;
    return plan == null ? 0 : value.applyAsDouble(plan);
  }

  private static double effectiveMovement(CoordinatorState state) {
    StageMovement movement = state.newestMovement;
    boolean known = movement != null && movement.effectiveMovement() != null;
    return known ? movement.effectiveMovement() : 0;
  }

  private static void bytes(CoordinatorState state, Map<String, Supplier<Number>> gauges) {
    gauges.put("bytesIn", () -> state.traffic.recordBytes);
    gauges.put("payloadBytes", () -> state.traffic.payloadBytes);
    gauges.put("denseBytes", () -> state.traffic.denseBytes);
    gauges.put("compressionRatio", () -> ratio(state.traffic));
  }

  private static double ratio(Traffic traffic) {
    return traffic.payloadBytes == 0 ? 0 : traffic.denseBytes / (double) traffic.payloadBytes;
  }
}

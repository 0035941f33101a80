// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import anabranch.protocol.codec.SplitMix64;
import anabranch.protocol.message.BlockGrid;
import anabranch.protocol.message.Plan;
import anabranch.protocol.model.Block;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Stage;
import anabranch.protocol.model.Tensor;
import anabranch.udf.aggregation.FixedPointGrid;
import anabranch.udf.round.RoundPolicy.Parts;
import java.util.List;

/** Makes the plan of a new round: who, what, with which weights, on which grid. */
final class RoundOpening {

  private final ModelManifest manifest;
  private final FederationPolicy policy;
  private final CoordinatorState state;
  private final StageChoice stages;

  RoundOpening(
      ModelManifest manifest, FederationPolicy policy, CoordinatorState state, StageChoice stages) {
    this.manifest = manifest;
    this.policy = policy;
    this.state = state;
    this.stages = stages;
  }

  /**
   * Draws a cohort and opens the next round.
   *
   * @param fit the stage that it trains, and who can
   * @param now in milliseconds since 1970
   */
  OpenRound open(StageChoice.Fit fit, long now) {
    List<String> eligible = fit.eligible();
    Stage stage = stages.stage(fit.stage());
    List<Integer> trained = stage.trainBlocks();
    Curriculum.Weights weights =
        policy
            .curriculum()
            .weights(
                fit.stage(), stages.stages(), state.modelVersion, state.dependence(fit.stage()));
    long round = state.round + 1;
    long seed = roundSeed(round);
    int wanted = policy.cohort().drawn(eligible.size());
    int affordable =
        Math.min(affordable(manifest, policy, trained), CohortLimits.announceable(eligible));
    List<String> cohort = ClientRegistry.draw(eligible, Math.min(wanted, affordable), seed);
    long maxWeight = maxWeight(cohort);
    Plan plan =
        new Plan(
            PlanIds.next(state.lastPlanId, state.incarnation, round, state.admitted, policy),
            state.lastPlanId,
            round,
            cohort,
            trained,
            stage.holdBlocks(),
            fit.stage(),
            weights.lambda(),
            weights.gamma(),
            policy.cohort().requiredMemoryBytes(fit.stage()),
            seed,
            policy.round().deadline().toMillis(),
            policy.training(),
            policy.encoding(),
            trained.stream()
                .map(b -> grid(manifest.blocks().get(b), maxWeight, cohort.size()))
                .toList(),
            policy.round().maxSamples());
    String clamped =
        affordable < wanted
            ? "cohort clamped from %d to %d: hold.budget, or the size of an announcement"
                .formatted(wanted, affordable)
            : "";
    boolean independent = policy.round().parts() == Parts.INDEPENDENT;
    return new OpenRound(
        plan,
        now,
        eligible.size(),
        maxWeight,
        Notes.join(fit.note(), clamped),
        independent,
        manifest);
  }

  /** Whether the open plan was made under this configuration, which its id tells. */
  boolean madeOpenPlan() {
    Plan plan = state.open.plan();
    return plan.planId()
        == PlanIds.next(state.lastPlanId, state.incarnation, plan.round(), state.admitted, policy);
  }

  private static int affordable(
      ModelManifest manifest, FederationPolicy policy, List<Integer> trained) {
    return CohortLimits.affordable(
        policy.round().parts(),
        policy.effectiveHoldBudgetBytes(),
        UpdateSize.most(manifest, trained, policy.encoding()));
  }

  /**
   * @throws IllegalArgumentException if the hold budget does not even admit a quorum
   */
  static void demandAffordableQuorum(ModelManifest manifest, FederationPolicy policy) {
    List<Stage> stages = policy.schedule().stages(manifest);
    for (int stage = 1; stage <= stages.size(); stage++) {
      List<Integer> trained = stages.get(stage - 1).trainBlocks();
      int affordable = affordable(manifest, policy, trained);
      if (affordable < policy.round().quorum()) {
        long update = UpdateSize.most(manifest, trained, policy.encoding());
        throw new IllegalArgumentException(
            ("hold.budget of %d bytes holds %d updates of stage %d (%d bytes each), round.quorum"
                    + " needs %d: raise hold.budget to at least %d bytes or lower the quorum")
                .formatted(
                    policy.effectiveHoldBudgetBytes(),
                    affordable,
                    stage,
                    update,
                    policy.round().quorum(),
                    update * policy.round().quorum()));
      }
    }
  }

  private BlockGrid grid(Block block, long maxWeight, int contributions) {
    int maxExponent =
        block.tensors().stream()
            .filter(tensor -> tensor.role().travels())
            .map(Tensor::role)
            .mapToInt(policy.bounds()::maxExponent)
            .max()
            .orElseThrow();
    return new BlockGrid(
        block.index(),
        maxExponent,
        FixedPointGrid.of(maxExponent, maxWeight, contributions).unitExponent());
  }

  private long maxWeight(List<String> cohort) {
    return cohort.stream()
        .mapToLong(id -> Math.min(state.registry.get(id).samples(), policy.round().maxSamples()))
        .max()
        .orElseThrow();
  }

  private long roundSeed(long round) {
    return SplitMix64.longAt(policy.seed(), round);
  }
}

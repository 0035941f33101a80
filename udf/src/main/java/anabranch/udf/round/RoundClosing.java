// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import anabranch.protocol.message.BlockVersion;
import anabranch.protocol.message.Ledger;
import anabranch.protocol.message.Outcome;
import anabranch.protocol.message.Plan;
import anabranch.protocol.message.Receipt;
import anabranch.protocol.message.RoundOutcome;
import anabranch.protocol.message.RoundReceipts;
import anabranch.protocol.message.RoundReport;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Segment;
import anabranch.udf.message.Order;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Ends the open round: orders, receipts, versions and the report. */
final class RoundClosing {

  /**
   * What a closed round leaves to be announced.
   *
   * @param receipts of its cohort
   * @param report without what only the seal knows
   * @param awaited blocks whose new version must be out first
   */
  record Closed(RoundReceipts receipts, RoundReport report, List<Integer> awaited) {}

  private final ModelManifest manifest;
  private final FederationPolicy policy;
  private final CoordinatorState state;
  private final StageChoice stages;

  RoundClosing(
      ModelManifest manifest, FederationPolicy policy, CoordinatorState state, StageChoice stages) {
    this.manifest = manifest;
    this.policy = policy;
    this.state = state;
    this.stages = stages;
  }

  /** Closes the open round, completed if the quorum was reached. */
  Closed close(long now) {
    OpenRound round = state.open;
    Plan plan = round.plan();
    int completed = round.completed();
    boolean byQuota = round.hasAllAwaited(policy);
    RoundOutcome outcome = outcome(round, completed);
    boolean success = outcome == RoundOutcome.COMPLETED;
    state.admitted = new TreeMap<>();
    List<Receipt> receipts = new ArrayList<>();
    TreeMap<String, Submission> folded = new TreeMap<>();
    round
        .submissions()
        .forEach(
            (client, submission) -> {
              end(round, submission, success);
              if (success && submission.complete()) {
                folded.put(client, submission);
                state.admitted.put(client, submission.weight());
                receipts.add(new Receipt(client, Outcome.FOLDED));
              } else {
                receipts.add(new Receipt(client, Outcome.EXPIRED));
              }
            });
    round.refused().stream()
        .filter(client -> !round.submissions().containsKey(client))
        .forEach(client -> receipts.add(new Receipt(client, Outcome.REJECTED)));
    receipts.sort(Comparator.comparing(Receipt::clientId));
    List<Integer> awaited = List.of();
    Contributions contributions =
        success
            ? Contributions.of(folded, plan.training().batchSize(), policy.similarity())
            : Contributions.NONE;
    if (success) {
      state.modelVersion++;
      stages.roundCompleted();
      observe(plan, contributions.nhsic());
      awaited = publishVersions(round, now);
      state.traffic.payloadBytes += contributions.payloadBytes();
      state.traffic.denseBytes += contributions.denseBytes();
    } else {
      round.segments().stream().forEach(state.orders::discard);
    }
    state.closed.add(plan.planId(), plan.round(), byQuota);
    state.lastPlanId = plan.planId();
    state.lastRoundMillis = now - round.openedAt();
    state.open = null;
    RoundReport report = report(round, outcome, contributions, now);
    return new Closed(
        new RoundReceipts(plan.planId(), plan.round(), outcome, receipts), report, awaited);
  }

  /** Ends the open round without a trace in the model. */
  void expireAll() {
    state.open.submissions().values().forEach(submission -> end(state.open, submission, false));
    state.open.segments().stream().forEach(state.orders::discard);
    Plan plan = state.open.plan();
    state.closed.add(plan.planId(), plan.round(), false);
    state.lastPlanId = plan.planId();
    state.open = null;
  }

  private void observe(Plan plan, Nhsic nhsic) {
    state.newestNhsic = nhsic;
    state.newestNhsicStage = plan.stage();
    StageDependence before = state.dependence(plan.stage());
    StageDependence after = policy.curriculum().observe(before, nhsic, plan.training().batchSize());
    if (!after.equals(StageDependence.NONE)) {
      state.dependence.put(plan.stage(), after);
    }
  }

  private RoundOutcome outcome(OpenRound round, int completed) {
    if (completed >= policy.round().quorum()) {
      return RoundOutcome.COMPLETED;
    }
    return round.submissions().isEmpty() && !round.refused().isEmpty()
        ? RoundOutcome.ALL_REJECTED
        : RoundOutcome.QUORUM_MISSED;
  }

  /** Records of an update end; parts that no fold order consumed are dropped. */
  private void end(OpenRound round, Submission submission, boolean success) {
    boolean ordered = submission.complete() || round.independent();
    if (!ordered) {
      for (Submission.Part part : submission.received()) {
        for (int segment : part.segments()) {
          state.orders.drop(segment, part.id());
        }
      }
    }
    state.ledger.endOpen(
        ordered && success ? Outcome.FOLDED : Outcome.EXPIRED, submission.records());
  }

  /** Returns the blocks of which something is published. */
  private List<Integer> publishVersions(OpenRound round, long now) {
    Plan plan = round.plan();
    DownlinkPolicy downlink = policy.downlink();
    boolean last = policy.round().limit() > 0 && state.modelVersion >= policy.round().limit();
    TreeSet<Integer> published = new TreeSet<>(plan.trainBlocks());
    List<BlockVersion> versions = new ArrayList<>(state.blocks);
    for (int block : plan.trainBlocks()) {
      BlockVersion old = versions.get(block);
      BlockVersion next = Versions.next(old, manifest.ring(), downlink, last, now);
      Order.Downlink travels =
          downlink == null
              ? null
              : new Order.Downlink(
                  downlink.encoding().ofBlock(manifest, block), old.version(), next.isWhole());
      versions.set(block, next);
      boolean deployed = manifest.deployedBlocks().contains(block);
      for (Segment segment : manifest.segmentsOf(block)) {
        state.orders.close(
            segment,
            state.sequence + 1,
            next.version(),
            round.unitExponent(block),
            plan.encoding().reference(),
            plan.encoding().transformCode(plan.seed()),
            policy.serverLearningRate(),
            next.publishedAt(),
            travels,
            deployed ? policy.schedule().probe(policy.seed()) : null);
      }
    }
    if (last) {
      // What was not trained is left whole as well: nobody will be there to do it later.
      for (BlockVersion block : List.copyOf(versions)) {
        if (!block.isWhole()) {
          published.add(block.block());
          versions.set(block.block(), Versions.whole(block, downlink));
          state.orders.republish(manifest.segmentsOf(block.block()), block, state.sequence + 1);
        }
      }
    }
    state.blocks = versions;
    return List.copyOf(published);
  }

  private RoundReport report(
      OpenRound round, RoundOutcome outcome, Contributions contributions, long now) {
    Plan plan = round.plan();
    return new RoundReport(
        policy.federation(),
        state.incarnation,
        plan.round(),
        plan.planId(),
        outcome,
        state.modelVersion,
        plan.stage(),
        plan.lambda(),
        plan.gamma(),
        plan.trainBlocks(),
        round.eligible(),
        plan.cohort(),
        policy.round().quorum(),
        Notes.join(round.note(), contributions.note()),
        contributions.each(),
        contributions.metrics(),
        round.openedAt(),
        round.visibleAt(),
        round.firstUpdateAt(),
        now,
        0,
        takeRecordBytes(),
        contributions.payloadBytes(),
        contributions.denseBytes(),
        0,
        takeLedger(),
        state.reported,
        null);
  }

  /** The report of a round that never opened a plan, or whose plan came to nothing. */
  Closed withoutPlan(
      RoundOutcome outcome, long planId, int eligible, String note, long openedAt, long now) {
    RoundReport report =
        new RoundReport(
            policy.federation(),
            state.incarnation,
            state.round,
            planId,
            outcome,
            state.modelVersion,
            stages.current(),
            0,
            0,
            List.of(),
            eligible,
            List.of(),
            policy.round().quorum(),
            note,
            List.of(),
            Map.of(),
            openedAt,
            0,
            0,
            now,
            0,
            takeRecordBytes(),
            0,
            0,
            0,
            takeLedger(),
            state.reported,
            null);
    return new Closed(
        new RoundReceipts(planId, state.round, outcome, List.of()), report, List.of());
  }

  private Ledger takeLedger() {
    Ledger total = state.ledger.toLedger();
    Ledger sinceLast = total.minus(state.reported);
    state.reported = total;
    return sinceLast;
  }

  private long takeRecordBytes() {
    long sinceLast = state.traffic.recordBytes - state.traffic.reportedRecordBytes;
    state.traffic.reportedRecordBytes = state.traffic.recordBytes;
    return sinceLast;
  }
}

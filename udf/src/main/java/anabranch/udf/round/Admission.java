// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import anabranch.protocol.Bytes;
import anabranch.protocol.Topics;
import anabranch.protocol.message.ClientCheckIn;
import anabranch.protocol.message.Outcome;
import anabranch.protocol.message.RejectedRecord;
import anabranch.protocol.model.ModelManifest;
import anabranch.udf.message.Header;
import anabranch.udf.message.RecordId;
import anabranch.udf.round.RoundPolicy.Unused;
import java.util.BitSet;
import java.util.function.Consumer;

/**
 * Judges update records: the first rule that applies decides, and every record's payload gets
 * exactly one order, now or at the close.
 */
final class Admission {

  private final ModelManifest manifest;
  private final FederationPolicy policy;
  private final Topics topics;
  private final CoordinatorState state;
  private final Consumer<RejectedRecord> rejected;

  Admission(
      ModelManifest manifest,
      FederationPolicy policy,
      CoordinatorState state,
      Consumer<RejectedRecord> rejected) {
    this.manifest = manifest;
    this.policy = policy;
    this.topics = new Topics(policy.federation());
    this.state = state;
    this.rejected = rejected;
  }

  /** Counts a record that could not be used; one that is no update is only reported. */
  void refuse(Header.Unusable header) {
    boolean update = header.id().source() == RecordId.Source.UPDATES;
    if (update) {
      state.traffic.recordBytes += header.size();
      state.ledger.end(Outcome.REJECTED);
      noteRefusal(header.clientId(), header.planId());
    }
    rejected.accept(
        new RejectedRecord(
            header.reason(),
            header.detail(),
            topic(header.id().source()),
            header.id().partition(),
            header.id().offset(),
            header.clientId(),
            header.planId(),
            header.prefix()));
  }

  private String topic(RecordId.Source source) {
    return switch (source) {
      case UPDATES -> topics.updates();
      case CLIENTS -> topics.clients();
      case MODEL -> topics.model();
      case DELTAS -> topics.deltas();
      case CONTROL -> topics.control();
    };
  }

  /** Judges a record that decodes. */
  void judge(Header.Update update, long now) {
    state.traffic.recordBytes += update.size();
    ClientCheckIn client = state.registry.get(update.clientId());
    if (client == null) {
      reject(update, Rejection.UNKNOWN_CLIENT, "'%s' has not checked in", update.clientId());
    } else if (client.session() != update.session()) {
      reject(update, Rejection.UNKNOWN_SESSION, "not the session of the newest check-in");
    } else if (state.open == null || state.open.plan().planId() != update.planId()) {
      judgeByPlan(update);
    } else {
      state.open.updateCame(now);
      judgeForOpenPlan(update, client);
    }
  }

  private void judgeByPlan(Header.Update update) {
    Outcome outcome = state.closed.outcomeFor(update.planId());
    if (outcome == null && state.closed.forgotten(update.round())) {
      outcome = Outcome.LATE;
    }
    if (outcome == Outcome.SURPLUS) {
      leaveUnused(update, Outcome.SURPLUS, policy.round().surplus());
    } else if (outcome == Outcome.LATE) {
      leaveUnused(update, Outcome.LATE, policy.round().late());
    } else if (update.round() > state.round) {
      reject(
          update, Rejection.FUTURE_PLAN, "round %d, the newest is %d", update.round(), state.round);
    } else {
      reject(update, Rejection.UNKNOWN_PLAN, "plan id %x was never given", update.planId());
    }
  }

  private void judgeForOpenPlan(Header.Update update, ClientCheckIn client) {
    OpenRound round = state.open;
    Submission submission = round.submissions().get(update.clientId());
    if (!round.inCohort(update.clientId())) {
      reject(update, Rejection.NOT_IN_COHORT, "plan %x did not draw it", update.planId());
    } else if (update.parts() > manifest.segments().size()) {
      reject(
          update,
          Rejection.TOO_MANY_PARTS,
          "%d parts, the manifest has %d segments",
          update.parts(),
          manifest.segments().size());
    } else if (submission != null && submission.has(update.part())) {
      leaveUnused(update, Outcome.DUPLICATE, policy.round().duplicate());
    } else if (submission != null && !submission.agreesWith(update)) {
      reject(update, Rejection.PARTS_INCONSISTENT, "parts or samples differ from an earlier part");
    } else if (firstOutside(update.segments(), round.segments()) >= 0) {
      reject(
          update,
          Rejection.SEGMENT_NOT_IN_PLAN,
          "segment %d, the plan trains blocks %s",
          firstOutside(update.segments(), round.segments()),
          round.plan().trainBlocks());
    } else if (submission != null && submission.overlaps(update.segments())) {
      reject(update, Rejection.SEGMENT_TWICE, "another part brought one of its segments");
    } else if (update.parameters() != null
        && update.parameters() != round.plan().encoding().reference()) {
      reject(update, Rejection.WRONG_REFERENCE, "expected %s", round.plan().encoding().reference());
    } else if (update.parameters() != null && !update.transform().equals(round.transform())) {
      reject(
          update,
          Rejection.WRONG_TRANSFORM,
          "%s, the plan asks for %s",
          update.transform(),
          round.transform());
    } else if (bytesWith(submission, update) > round.maxUpdateBytes()) {
      reject(
          update,
          Rejection.OVERSIZE,
          "%d payload bytes, at most %d",
          bytesWith(submission, update),
          round.maxUpdateBytes());
    } else {
      take(update, client);
    }
  }

  /** The first segment that is not wanted, or -1. */
  private static int firstOutside(int[] segments, BitSet wanted) {
    for (int segment : segments) {
      if (!wanted.get(segment)) {
        return segment;
      }
    }
    return -1;
  }

  private static long bytesWith(Submission submission, Header.Update update) {
    return (submission == null ? 0 : submission.payloadBytes()) + update.payloadBytes();
  }

  private void take(Header.Update update, ClientCheckIn client) {
    OpenRound round = state.open;
    Submission submission =
        round
            .submissions()
            .computeIfAbsent(
                update.clientId(),
                id -> new Submission(update.parts(), update.samples(), weight(update, client)));
    submission.add(update);
    state.ledger.open();
    if (round.independent()) {
      fold(update.segments(), update.id(), submission.weight());
    }
    if (!submission.complete()) {
      return;
    }
    if (!round.independent() && !submission.covers(round.segments())) {
      refuseWhole(update, submission);
      return;
    }
    round.updateCompleted();
    if (!round.independent()) {
      submission.received().forEach(part -> fold(part.segments(), part.id(), submission.weight()));
    }
  }

  /**
   * Forgets what a client has sent of an update that will not be completed: it began a new session,
   * and an update must not be put together from two trainings. What has been folded stays.
   */
  void forgetIncomplete(String clientId) {
    OpenRound round = state.open;
    Submission submission = round == null ? null : round.submissions().get(clientId);
    if (submission == null || submission.complete() || round.independent()) {
      return;
    }
    submission.received().forEach(part -> drop(part.segments(), part.id()));
    state.ledger.endOpen(Outcome.EXPIRED, submission.records());
    round.submissions().remove(clientId);
  }

  /** All parts came and do not make a whole: each is refused, and the client may send again. */
  private void refuseWhole(Header.Update last, Submission submission) {
    OpenRound round = state.open;
    BitSet missing = (BitSet) round.segments().clone();
    for (Submission.Part part : submission.received()) {
      drop(part.segments(), part.id());
      for (int segment : part.segments()) {
        missing.clear(segment);
      }
    }
    // Thousands may be missing, and each part is told of.
    String detail =
        "no part brings %d of the plan's %d segments, the first of them is %d"
            .formatted(
                missing.cardinality(), round.segments().cardinality(), missing.nextSetBit(0));
    for (Submission.Part part : submission.received()) {
      rejected.accept(
          new RejectedRecord(
              Rejection.SEGMENTS_MISSING.name(),
              detail,
              topics.updates(),
              part.id().partition(),
              part.id().offset(),
              last.clientId(),
              last.planId(),
              part.id().equals(last.id()) ? last.prefix() : Bytes.EMPTY));
    }
    state.ledger.endOpen(Outcome.REJECTED, submission.records());
    round.submissions().remove(last.clientId());
    round.refused().add(last.clientId());
  }

  /**
   * Samples count up to what the client declares, what the federation allows, and what the round's
   * grid was made for.
   */
  private long weight(Header.Update update, ClientCheckIn client) {
    return Math.min(Math.min(update.samples(), client.samples()), state.open.maxWeight());
  }

  private void fold(int[] segments, RecordId id, long weight) {
    for (int segment : segments) {
      int block = manifest.segments().get(segment).block();
      state.orders.fold(segment, id, weight, state.open.unitExponent(block), policy.rule());
    }
  }

  private void drop(int[] segments, RecordId id) {
    for (int segment : segments) {
      state.orders.drop(segment, id);
    }
  }

  private void leaveUnused(Header.Update update, Outcome outcome, Unused treatment) {
    drop(update.segments(), update.id());
    state.ledger.end(outcome);
    if (treatment == Unused.RECORD) {
      report(update, outcome.name(), "plan %x".formatted(update.planId()));
    }
  }

  private void reject(Header.Update update, Rejection reason, String detail, Object... arguments) {
    drop(update.segments(), update.id());
    state.ledger.end(Outcome.REJECTED);
    if (reason != Rejection.UNKNOWN_SESSION) {
      // Whoever speaks in a client's name without its session must not mark it as refused.
      noteRefusal(update.clientId(), update.planId());
    }
    report(update, reason.name(), detail.formatted(arguments));
  }

  private void noteRefusal(String clientId, long planId) {
    OpenRound round = state.open;
    if (round != null && round.plan().planId() == planId && round.inCohort(clientId)) {
      round.refused().add(clientId);
    }
  }

  private void report(Header.Update update, String reason, String detail) {
    rejected.accept(
        new RejectedRecord(
            reason,
            detail,
            topics.updates(),
            update.id().partition(),
            update.id().offset(),
            update.clientId(),
            update.planId(),
            update.prefix()));
  }
}

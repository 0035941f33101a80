// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.operator;

import static anabranch.udf.testkit.PolicyBuilder.policy;
import static anabranch.udf.testkit.UpdateBuilder.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import anabranch.protocol.avro.Records;
import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.Plan;
import anabranch.protocol.message.RejectedRecord;
import anabranch.protocol.message.RoundOutcome;
import anabranch.protocol.model.Digest;
import anabranch.udf.message.Draft;
import anabranch.udf.message.Header;
import anabranch.udf.message.Order;
import anabranch.udf.message.Publication;
import anabranch.udf.message.RecordId;
import anabranch.udf.round.FederationPolicy;
import anabranch.udf.testkit.Models;
import anabranch.udf.testkit.PolicyBuilder;
import anabranch.udf.testkit.UpdateBuilder;
import java.time.Duration;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CoordinateFunctionTest {

  private static final long DEADLINE = PolicyBuilder.DEADLINE.toMillis();

  /** More than the tests take on the machine's clock, which some steps read. */
  private static final long SLACK = 20_000;

  private final FederationPolicy policy = policy().build();
  private final long start = System.currentTimeMillis();
  private KeyedOneInputStreamOperatorTestHarness<Integer, Header, Order> harness;
  private long offset;

  @BeforeEach
  void openPlan() throws Exception {
    harness = Harnesses.coordinate(policy, heads(false, Models.initial()), null, start);
    for (int segment = 0; segment < 5; segment++) {
      send(Models.loaded(segment, 0, offset++));
    }
    checkIn("a");
    checkIn("b");
  }

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  @Test
  void decisionsGoToTheirOutputs() throws Exception {
    Plan plan = plan();
    send(answer("a", plan).header(offset++));
    send(answer("nobody", plan).header(77));

    assertThat(harness.extractOutputValues())
        .filteredOn(order -> order instanceof Order.Fold)
        .hasSize(5);
    Publication record = Harnesses.side(harness, CoordinateFunction.REJECTED).get(0);
    RejectedRecord rejected = Records.decodeRejectedRecord(record.value());
    assertThat(record.topic()).isEqualTo(Publication.Topic.REJECTED);
    assertThat(rejected.reason()).isEqualTo("UNKNOWN_CLIENT");
    assertThat(rejected.offset()).isEqualTo(77);
  }

  @Test
  void manifestIsNamedByTheDigestThatTheTopicGivesIt() throws Exception {
    // Another schema than today's makes other bytes of the same manifest.
    Digest older = Digest.ofContent(new byte[] {1}, 0, 1);
    Announcement head = Models.initial();
    harness.close();
    harness =
        Harnesses.coordinate(
            policy,
            heads(
                false,
                new Announcement(
                    head.federation(),
                    head.incarnation(),
                    head.sequence(),
                    head.modelVersion(),
                    older,
                    head.blocks(),
                    head.state(),
                    head.stateReason(),
                    null,
                    null)),
            null,
            start);
    for (int segment = 0; segment < 5; segment++) {
      send(Models.loaded(segment, 0, offset++));
    }
    checkIn("a");
    checkIn("b");

    assertThat(Harnesses.side(harness, CoordinateFunction.DRAFTS))
        .extracting(draft -> draft.announcement().manifest())
        .containsExactly(older);
  }

  @Test
  void roundCannotEndBeforeACheckpointHasMadeItsPlanVisible() throws Exception {
    harness.setProcessingTime(start + 100 * DEADLINE);

    assertThat(reports()).isZero();
  }

  @Test
  void planIsVisibleWhenTheCheckpointThatHoldsItIsComplete() throws Exception {
    harness.snapshot(1, 1);
    harness.notifyOfCompletedCheckpoint(1);

    harness.setProcessingTime(start + DEADLINE - SLACK);
    assertThat(reports()).isZero();
    harness.setProcessingTime(start + 2 * DEADLINE + SLACK);

    assertThat(reports()).isEqualTo(1);
  }

  @Test
  void checkpointFromBeforeThePlanDoesNotMakeItVisible() throws Exception {
    harness.snapshot(1, 1);
    Plan first = plan();
    send(answer("a", first).header(offset++));
    send(answer("b", first).header(offset++));
    assertThat(plan().round()).isEqualTo(2);
    harness.notifyOfCompletedCheckpoint(1);
    harness.setProcessingTime(start + 3 * DEADLINE);
    assertThat(reports()).as("round 2 is not visible").isEqualTo(1);

    harness.snapshot(2, 2);
    harness.notifyOfCompletedCheckpoint(2);
    harness.setProcessingTime(start + 5 * DEADLINE);

    assertThat(reports()).isEqualTo(2);
  }

  @Test
  void wordOfAnEarlierCheckpointThatComesLateDoesNotMakeThePlanVisible() throws Exception {
    harness.snapshot(1, 1);
    Plan first = plan();
    send(answer("a", first).header(offset++));
    send(answer("b", first).header(offset++));
    harness.snapshot(2, 2);
    harness.notifyOfCompletedCheckpoint(1);

    harness.setProcessingTime(start + 3 * DEADLINE);

    assertThat(reports()).as("round 2 is not visible").isEqualTo(1);
  }

  @Test
  void laterCheckpointMakesThePlanVisibleWhenOneWasAborted() throws Exception {
    harness.snapshot(1, 1);
    harness.snapshot(2, 2);
    harness.notifyOfCompletedCheckpoint(2);

    harness.setProcessingTime(start + 2 * DEADLINE + SLACK);

    assertThat(reports()).isEqualTo(1);
  }

  /** Timers that were due in the outage fire at once, before a single update has been read. */
  @Test
  void timerFromBeforeAnOutageDoesNotCloseTheRound() throws Exception {
    harness.snapshot(1, 1);
    harness.notifyOfCompletedCheckpoint(1);
    OperatorSubtaskState snapshot = harness.snapshot(2, 2);
    Plan plan = plan();
    long restored = start + Duration.ofHours(1).toMillis();

    restore(heads(false, Models.initial()), snapshot, restored);
    assertThat(harness.numProcessingTimeTimers()).isPositive();
    assertThat(reports()).isZero();
    harness.setProcessingTime(restored + DEADLINE - SLACK);
    assertThat(reports()).isZero();
    send(answer("a", plan).header(offset++));
    send(answer("b", plan).header(offset++));

    assertThat(reports()).isEqualTo(1);
    assertThat(lastDraft().report().outcome()).isEqualTo(RoundOutcome.COMPLETED);
  }

  @Test
  void roundEndsAfterTheOutageWhenItsDeadlineHasPassed() throws Exception {
    OperatorSubtaskState snapshot = harness.snapshot(1, 1);
    long restored = start + Duration.ofHours(1).toMillis();

    restore(heads(false, Models.initial()), snapshot, restored);
    harness.setProcessingTime(restored + 2 * DEADLINE + SLACK);

    assertThat(lastDraft().report().outcome()).isEqualTo(RoundOutcome.QUORUM_MISSED);
  }

  /** Shorter than the deadline, so no timer of the round is due yet. */
  @Test
  void deadlineCountsFromTheRestoreThoughNobodySends() throws Exception {
    OperatorSubtaskState snapshot = harness.snapshot(1, 1);
    long restored = start + DEADLINE * 2 / 3;

    restore(heads(false, Models.initial()), snapshot, restored);
    harness.snapshot(2, 2);
    harness.notifyOfCompletedCheckpoint(2);
    harness.setProcessingTime(restored + 1);
    harness.setProcessingTime(start + DEADLINE + 1);
    harness.setProcessingTime(restored + DEADLINE + 1);

    assertThat(reports()).isEqualTo(1);
  }

  @Test
  void finishedFederationPublishesAgainAfterALongOutageThoughNobodySends() throws Exception {
    harness.close();
    FederationPolicy once = policy().limit(1).build();
    harness = Harnesses.coordinate(once, heads(false, Models.initial()), null, start);
    for (int segment = 0; segment < 5; segment++) {
      send(Models.loaded(segment, 0, offset++));
    }
    checkIn("a");
    checkIn("b");
    Plan plan = plan();
    send(answer("a", plan).header(offset++));
    send(answer("b", plan).header(offset++));
    assertThat(lastDraft().announcement().state()).isEqualTo(Announcement.State.FINISHED);
    // The timer of the round's deadline is spent.
    harness.setProcessingTime(start + 2 * DEADLINE);
    OperatorSubtaskState snapshot = harness.snapshot(1, 1);
    harness.close();

    long restored = start + Duration.ofHours(3).toMillis();
    harness =
        Harnesses.coordinate(once, heads(false, Models.announced(1, 2, 1)), snapshot, restored);

    assertThat(harness.extractOutputValues())
        .hasSize(5)
        .allSatisfy(order -> assertThat(order).isInstanceOf(Order.Republish.class));
  }

  @Test
  void ordersGoOnWithTheirNumbersAfterARestore() throws Exception {
    send(answer("a", plan()).header(offset++));
    Plan plan = plan();
    OperatorSubtaskState snapshot = harness.snapshot(1, 1);

    restore(heads(false, Models.initial()), snapshot, start);
    send(answer("b", plan).header(offset++));

    assertThat(harness.extractOutputValues())
        .filteredOn(order -> order.segment() == 2)
        .extracting(Order::number)
        .as("0 was the load, 1 the fold before the snapshot")
        .containsExactly(2L, 3L);
  }

  @Test
  void stateBehindTheTopicIsRefused() throws Exception {
    OperatorSubtaskState snapshot = harness.snapshot(1, 1);

    assertThatThrownBy(() -> restore(heads(false, Models.announced(0, 9, 4)), snapshot, start))
        .hasRootCauseInstanceOf(IllegalStateException.class)
        .rootCause()
        .hasMessageContaining(
            "knows announcement 1 (model version 0, incarnation 1), test has 9 (model version 4,")
        .hasMessageContaining("--rollback");
    assertThatThrownBy(() -> restore(heads(false, Models.announced(0, 9, 4)), snapshot, start))
        .satisfies(e -> assertThat(e).isInstanceOf(SuppressRestartsException.class));
  }

  /** A job that began without state after the snapshot may not have announced more than it knew. */
  @Test
  void stateOfAnEarlierIncarnationIsRefused() throws Exception {
    OperatorSubtaskState snapshot = harness.snapshot(1, 1);

    assertThatThrownBy(() -> restore(heads(false, Models.announced(2, 1, 0)), snapshot, start))
        .hasStackTraceContaining("--rollback");
  }

  @Test
  void rollbackPublishesTheOldModelAsTheNewestVersion() throws Exception {
    OperatorSubtaskState snapshot = harness.snapshot(1, 1);

    restore(heads(true, Models.announced(0, 9, 4)), snapshot, start);
    checkIn("a");

    assertThat(harness.extractOutputValues())
        .filteredOn(order -> order instanceof Order.Republish)
        .hasSize(5)
        .allSatisfy(order -> assertThat(((Order.Republish) order).version()).isGreaterThan(4));
    Announcement announcement = lastDraft().announcement();
    assertThat(announcement.incarnation()).isEqualTo(1);
    assertThat(announcement.plan().round()).isGreaterThan(1);
  }

  @Test
  void rollbackToBeforeAModelWasLoadedIsRefused() throws Exception {
    harness.close();
    harness = Harnesses.coordinate(policy, heads(false, Models.initial()), null, start);
    send(Models.loaded(0, 0, 1));
    OperatorSubtaskState snapshot = harness.snapshot(1, 1);
    restore(heads(true, Models.announced(0, 9, 4)), snapshot, start);

    assertThatThrownBy(() -> send(Models.loaded(1, 0, 2)))
        .hasStackTraceContaining("there is nothing to roll back to");
  }

  @Test
  void modelThatIsNotThereStopsTheJobForGood() throws Exception {
    harness.close();
    harness = Harnesses.coordinate(policy, heads(false, Models.initial()), null, start);
    send(Models.loaded(0, 0, 1));

    assertThatThrownBy(() -> harness.setProcessingTime(start + 2 * 60_000 + SLACK))
        .hasStackTraceContaining("1 of 5 segments of version [0, 0, 0] found");
  }

  private void restore(HeadAnnouncements heads, OperatorSubtaskState snapshot, long now)
      throws Exception {
    harness.close();
    harness = Harnesses.coordinate(policy, heads, snapshot, now);
  }

  private static HeadAnnouncements heads(boolean rollback, Announcement newest) {
    return new HeadAnnouncements(List.of(newest), rollback);
  }

  private void send(Header header) throws Exception {
    harness.processElement(header, 0);
  }

  private void checkIn(String client) throws Exception {
    send(
        new Header.CheckIn(
            new RecordId(RecordId.Source.CLIENTS, 0, offset++), UpdateBuilder.checkIn(client, 10)));
  }

  private Plan plan() {
    return lastDraft().announcement().plan();
  }

  private Draft lastDraft() {
    List<Draft> drafts = Harnesses.side(harness, CoordinateFunction.DRAFTS);
    return drafts.get(drafts.size() - 1);
  }

  private long reports() {
    return Harnesses.side(harness, CoordinateFunction.DRAFTS).stream()
        .filter(draft -> draft.report() != null)
        .count();
  }
}

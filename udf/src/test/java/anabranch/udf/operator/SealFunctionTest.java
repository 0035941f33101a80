// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import anabranch.protocol.avro.Records;
import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.BlockSnapshot;
import anabranch.protocol.message.BlockVersion;
import anabranch.protocol.message.Ledger;
import anabranch.protocol.message.RoundOutcome;
import anabranch.protocol.message.RoundReport;
import anabranch.protocol.message.StageDecision;
import anabranch.protocol.message.StageMovement;
import anabranch.protocol.model.Digest;
import anabranch.udf.message.Draft;
import anabranch.udf.message.Publication;
import anabranch.udf.message.Sealed;
import anabranch.udf.movement.FreezeCriterion;
import anabranch.udf.movement.Movement;
import anabranch.udf.testkit.Models;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealFunctionTest {

  private KeyedTwoInputStreamOperatorTestHarness<Integer, Draft, Sealed, Publication> harness;

  @BeforeEach
  void open() throws Exception {
    harness = Harnesses.seal(new HashMapStateBackend(), null);
    harness.setProcessingTime(5000);
  }

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  @Test
  void announcementWaitsForEverySegmentOfItsBlocks() throws Exception {
    draft(1, null, 0, 2);
    seal(0, 1);
    seal(1, 1);
    seal(3, 1);
    assertThat(harness.extractOutputValues()).isEmpty();

    seal(4, 1);

    Publication record = harness.extractOutputValues().get(0);
    assertThat(record.topic()).isEqualTo(Publication.Topic.PLANS);
    assertThat(record.partition()).isZero();
    assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo("announcement/1");
    assertThat(announced(record).blocks())
        .extracting(BlockVersion::digest)
        .containsExactly(
            Digest.ofBlock(List.of(digest(0, 1), digest(1, 1))),
            Models.blockDigest(1, 0),
            Digest.ofBlock(List.of(digest(3, 1), digest(4, 1))));
  }

  @Test
  void segmentsMayBeSealedBeforeTheDraftComes() throws Exception {
    seal(2, 1);
    draft(1, null, 1);

    assertThat(announced(harness.extractOutputValues().get(0)).blocks().get(1).digest())
        .isEqualTo(Digest.ofBlock(List.of(digest(2, 1))));
    assertThat(harness.numKeyedStateEntries()).as("the digest alone").isEqualTo(1);
  }

  @Test
  void announcementsLeaveInTheirSequence() throws Exception {
    draft(1, null, 1);
    draft(2, null);
    draft(3, null, 1);
    seal(2, 3);
    assertThat(harness.extractOutputValues()).isEmpty();

    seal(2, 1);

    assertThat(harness.extractOutputValues())
        .extracting(record -> announced(record).sequence())
        .containsExactly(1L, 2L, 3L);
  }

  /** Segments of one version need not be out before the first of the next. */
  @Test
  void segmentThatIsAVersionAheadDoesNotCountForTheOneBefore() throws Exception {
    draft(1, null, 0);
    draft(2, null, 0);
    seal(0, 1);
    seal(0, 2);
    assertThat(harness.extractOutputValues()).isEmpty();

    seal(1, 1);
    seal(1, 2);

    assertThat(harness.extractOutputValues())
        .extracting(record -> announced(record).blocks().get(0).digest())
        .containsExactly(
            Digest.ofBlock(List.of(digest(0, 1), digest(1, 1))),
            Digest.ofBlock(List.of(digest(0, 2), digest(1, 2))));
  }

  @Test
  void blockThatIsNotTrainedKeepsTheDigestOfItsNewestVersion() throws Exception {
    draft(1, null, 1);
    seal(2, 1);
    draft(2, null);

    assertThat(announced(harness.extractOutputValues().get(1)).blocks().get(1).digest())
        .isEqualTo(Digest.ofBlock(List.of(digest(2, 1))));
  }

  @Test
  void reportTellsWhenTheVersionWasOutAndHowFarTheModelMoved() throws Exception {
    draft(1, report(), 0);
    harness.processElement2(new Sealed(0, 1, 1, digest(0, 1), 9, null), 0);
    harness.processElement2(new Sealed(1, 1, 1, digest(1, 1), 16, null), 0);

    Publication record = harness.extractOutputValues().get(1);
    assertThat(record.topic()).isEqualTo(Publication.Topic.ROUNDS);
    assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo("7");
    RoundReport report = Records.decodeRoundReport(record.value());
    assertThat(report.deltaNorm()).isEqualTo(5);
    assertThat(report.sealedAt()).isEqualTo(5000);
  }

  @Test
  void stageThatEndsByItsMovementIsJudgedInTheReportAndOnTheControlTopic() throws Exception {
    harness.close();
    FreezeCriterion freeze = new FreezeCriterion(1, 2, 0.2, 1);
    harness = Harnesses.seal(new HashMapStateBackend(), null, freeze);
    for (long sequence = 1; sequence <= 2; sequence++) {
      draft(sequence, report(), 0);
      harness.processElement2(
          new Sealed(0, sequence, 1, digest(0, 1), 9, new Movement(1, 3, 1)), 0);
      harness.processElement2(new Sealed(1, sequence, 1, digest(1, 1), 16, null), 0);
      var snapshot = harness.snapshot(sequence, sequence);
      List<Publication> published = harness.extractOutputValues();
      assertThat(published)
          .extracting(Publication::topic)
          .containsExactly(
              Publication.Topic.PLANS, Publication.Topic.ROUNDS, Publication.Topic.CONTROL);
      StageMovement movement =
          sequence == 1
              ? new StageMovement(1 / 3.0, null, false)
              : new StageMovement(1 / 3.0, 0.0, true);
      assertThat(Records.decodeRoundReport(published.get(1).value()).movement())
          .isEqualTo(movement);
      assertThat(Records.decodeStageDecision(published.get(2).value()))
          .isEqualTo(new StageDecision(Models.FEDERATION, 0, 7, 1, 1, movement));
      harness.close();
      harness = Harnesses.seal(new HashMapStateBackend(), snapshot, freeze);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void halfSealedVersionGoesOnAfterARestore(boolean rocks) throws Exception {
    StateBackend before = rocks ? new EmbeddedRocksDBStateBackend() : new HashMapStateBackend();
    StateBackend after = rocks ? new EmbeddedRocksDBStateBackend() : new HashMapStateBackend();
    harness.close();
    harness = Harnesses.seal(before, null);
    draft(1, null, 0);
    seal(0, 1);
    var snapshot = harness.snapshot(1, 1);
    harness.close();

    harness = Harnesses.seal(after, snapshot);
    seal(1, 1);

    assertThat(harness.extractOutputValues()).hasSize(1);
  }

  @Test
  void digestIsFilledInAndTheWholeVersionThatABlockStartsFromStays() throws Exception {
    Announcement announcement = Models.announced(0, 1, 0);
    BlockSnapshot snapshot = new BlockSnapshot(0, 7);
    harness.processElement1(
        new Draft(
            announcement.withBlocks(
                announcement.blocks().stream().map(b -> b.withSnapshot(snapshot)).toList()),
            null,
            List.of(1)),
        0);
    seal(2, 1);

    assertThat(announced(harness.extractOutputValues().get(0)).blocks())
        .allSatisfy(block -> assertThat(block.snapshot()).isEqualTo(snapshot))
        .element(1)
        .satisfies(
            block -> assertThat(block.digest()).isEqualTo(Digest.ofBlock(List.of(digest(2, 1)))));
  }

  @Test
  void blockThatWasRebuiltMustHaveTheDigestThatItWasAnnouncedWith() throws Exception {
    harness.processElement1(new Draft(Models.announced(0, 1, 0), null, List.of(1), List.of(1)), 0);

    assertThatThrownBy(() -> seal(2, 1))
        .isInstanceOf(SuppressRestartsException.class)
        .hasRootCauseMessage(
            "block 'body' version 0, put together from version 0 and what the deltas topic has, has"
                + " the digest %s and was announced with %s: the topics are damaged. Start from a"
                    .formatted(Digest.ofBlock(List.of(digest(2, 1))), Models.blockDigest(1, 0))
                + " savepoint or a checkpoint, which do not need them");
  }

  private void draft(long sequence, RoundReport report, Integer... awaited) throws Exception {
    harness.processElement1(
        new Draft(Models.announced(0, sequence, 0), report, List.of(awaited)), 0);
  }

  private void seal(int segment, long sequence) throws Exception {
    harness.processElement2(
        new Sealed(segment, sequence, sequence, digest(segment, sequence), 0, null), 0);
  }

  private static Digest digest(int segment, long sequence) {
    return Models.digest(Models.values(segment, 10 * sequence));
  }

  private static Announcement announced(Publication record) {
    return Records.decodeAnnouncement(record.value());
  }

  private static RoundReport report() {
    return new RoundReport(
        Models.FEDERATION,
        0,
        7,
        1,
        RoundOutcome.COMPLETED,
        1,
        1,
        0,
        0,
        List.of(0),
        1,
        List.of(),
        1,
        "",
        List.of(),
        Map.of(),
        1,
        2,
        3,
        4,
        0,
        0,
        0,
        0,
        0,
        Ledger.EMPTY,
        Ledger.EMPTY,
        null);
  }
}

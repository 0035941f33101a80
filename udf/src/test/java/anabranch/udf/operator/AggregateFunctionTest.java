// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import anabranch.protocol.Bytes;
import anabranch.protocol.avro.Records;
import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.codec.IndexCode;
import anabranch.protocol.codec.Reference;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.codec.TransformCode;
import anabranch.protocol.codec.ValueCode;
import anabranch.protocol.message.ModelDelta;
import anabranch.protocol.message.ModelSegment;
import anabranch.udf.aggregation.AggregationRule;
import anabranch.udf.aggregation.FixedPointGrid;
import anabranch.udf.message.Order;
import anabranch.udf.message.Publication;
import anabranch.udf.message.RecordId;
import anabranch.udf.message.Sealed;
import anabranch.udf.message.SegmentPayload;
import anabranch.udf.movement.Movement;
import anabranch.udf.testkit.Models;
import anabranch.udf.testkit.UpdateBuilder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One segment, number 4 with two elements, through its orders. */
class AggregateFunctionTest {

  private static final int SEGMENT = 4;
  private static final int Q = -20;

  private AggregateStage stage;
  private long nextOrder;

  @BeforeEach
  void load() throws Exception {
    open(0);
  }

  private void open(int foldBatchBytes) throws Exception {
    stage = new AggregateStage(HashMapStateBackend::new, foldBatchBytes);
    nextOrder = 0;
    stage.payload(Models.payload(SEGMENT, 0, 0));
    stage.order(new Order.Load(SEGMENT, nextOrder++, Models.payload(SEGMENT, 0, 0).id(), 0));
  }

  @AfterEach
  void close() {
    stage.close();
  }

  /** McMahan et al., arXiv 1602.05629: deltas [1, 2] and [3, -2] of 10 and 30 samples. */
  @Test
  void closePublishesTheModelMovedByTheWeightedMean() throws Exception {
    stage.payload(payload(1, 1, 2));
    stage.order(fold(1, 10));
    stage.order(fold(2, 30));
    stage.payload(payload(2, 3, -2));
    stage.order(close(7, 5));

    Publication record = stage.published.get(0);
    float[] expected = {4 + 2.5f, 4.125f - 1};
    assertThat(Records.decodeModelSegment(record.value()))
        .isEqualTo(new ModelSegment(2, SEGMENT, 5, Bytes.of(Models.bytes(expected))));
    assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo("2/4/1");
    assertThat(record.topic()).isEqualTo(Publication.Topic.MODEL);
    assertThat(record.partition()).isZero();
    assertThat(record.timestamp()).isEqualTo(99);
    assertThat(stage.sealed)
        .containsExactly(new Sealed(SEGMENT, 7, 5, Models.digest(expected), 2.5 * 2.5 + 1, null));
  }

  @Test
  void movementOfTheNewestVersionsIsMeasuredAcrossARestart() throws Exception {
    int body = 2;
    AggregateStage parameters = new AggregateStage(HashMapStateBackend::new, 0);
    parameters.payload(Models.payload(body, 0, 0));
    parameters.order(new Order.Load(body, 0, Models.payload(body, 0, 0).id(), 0));
    float[] steps = {1, 1, -1};
    for (int round = 0; round < steps.length; round++) {
      float[] delta = {steps[round], steps[round], steps[round], 1};
      RecordId id = UpdateBuilder.id(round);
      parameters.payload(
          new SegmentPayload(
              id,
              new SegmentUpdate(
                  body,
                  Reference.DELTA,
                  4,
                  new IndexCode.Dense(),
                  Bytes.EMPTY,
                  new ValueCode.F32(),
                  Bytes.of(Models.bytes(delta)))));
      parameters.order(
          new Order.Fold(body, 1 + 2L * round, id, 10, Q, AggregationRule.WEIGHTED_MEAN));
      parameters.order(closeOfBody(2 + 2L * round, new Order.Probe(5, 2)));
      parameters.restart(1);
    }

    assertThat(parameters.sealed)
        .extracting(Sealed::movement)
        .containsExactly(new Movement(4, 4, 1), new Movement(8, 8, 2), new Movement(2, 8, 2));
    assertThat(parameters.keysWith("trace")).isEqualTo(1);
    parameters.order(closeOfBody(7, null));
    assertThat(parameters.sealed.get(3).movement()).isNull();
    assertThat(parameters.keysWith("trace")).as("nobody asks any more").isZero();
    parameters.close();
  }

  private static Order.Close closeOfBody(long number, Order.Probe probe) {
    return new Order.Close(
        2,
        number,
        number,
        number,
        Q,
        Reference.DELTA,
        new TransformCode.Plain(),
        1,
        99,
        null,
        probe);
  }

  @Test
  void nextRoundBeginsFromThePublishedValuesWithAnEmptySum() throws Exception {
    for (long version = 1; version <= 2; version++) {
      stage.payload(payload(version, 1, 1));
      stage.order(fold(version, 10));
      stage.order(close(version, version));
    }

    assertThat(values(1)).containsExactly(6, 6.125f);
  }

  @Test
  void roundWithoutAContributionPublishesTheOldValuesUnderTheNewVersion() throws Exception {
    stage.order(close(1, 1));

    assertThat(values(0)).containsExactly(4, 4.125f);
    assertThat(Records.decodeModelSegment(stage.published.get(0).value()).version()).isEqualTo(1);
    assertThat(stage.sealed.get(0).squaredChange()).isZero();
  }

  @Test
  void versionThatDivergedCanBeLoadedAgain() throws Exception {
    reload(Float.MAX_VALUE, -Float.MAX_VALUE);
    for (long version = 1; version <= 2; version++) {
      stage.payload(payload(version, 0x1p64f, -0x1p64f));
      stage.order(
          new Order.Fold(
              SEGMENT,
              nextOrder++,
              UpdateBuilder.id(version),
              1,
              FixedPointGrid.of(64, 1, 1).unitExponent(),
              AggregationRule.WEIGHTED_MEAN));
      stage.order(
          new Order.Close(
              SEGMENT,
              nextOrder++,
              version,
              version,
              FixedPointGrid.of(64, 1, 1).unitExponent(),
              Reference.DELTA,
              new TransformCode.Plain(),
              1_000_000,
              99));
    }
    float[] diverged = values(1);
    assertThat(diverged).containsExactly(Float.MAX_VALUE, -Float.MAX_VALUE);

    stage.published.clear();
    reload(diverged);
    stage.order(close(3, 3));

    assertThat(values(0)).containsExactly(diverged);
  }

  @Test
  void modelThatIsNotFiniteIsRefusedWithItsPlace() {
    assertThatThrownBy(() -> reload(1, Float.NaN))
        .hasStackTraceContaining("segment 4 of the announced model")
        .hasStackTraceContaining("value 1 is NaN");
  }

  private void reload(float... values) throws Exception {
    RecordId id = UpdateBuilder.id(1_000 + nextOrder);
    stage.payload(new SegmentPayload(id, payload(0, values).update()));
    stage.order(new Order.Load(SEGMENT, nextOrder++, id, 0));
  }

  @Test
  void discardForgetsTheRound() throws Exception {
    stage.payload(payload(1, 100, 100));
    stage.order(fold(1, 10));
    stage.order(new Order.Discard(SEGMENT, nextOrder++));
    stage.order(close(1, 1));

    assertThat(values(0)).containsExactly(4, 4.125f);
  }

  @Test
  void republishRepeatsTheBytes() throws Exception {
    stage.payload(payload(1, 1, 1));
    stage.order(fold(1, 10));
    stage.order(close(1, 1));
    stage.order(new Order.Republish(SEGMENT, nextOrder++, 2, 1, 99));

    assertThat(stage.published.get(1).value()).isEqualTo(stage.published.get(0).value());
    assertThat(stage.published.get(1).key()).isEqualTo(stage.published.get(0).key());
    assertThat(stage.sealed.get(1).sequence()).isEqualTo(2);
    assertThat(stage.sealed.get(1).digest()).isEqualTo(stage.sealed.get(0).digest());
  }

  @Test
  void orderWaitsForItsPayloadAndHoldsUpThoseBehindIt() throws Exception {
    stage.payload(payload(2, 3, 3));
    stage.order(fold(1, 10));
    stage.order(new Order.Drop(SEGMENT, nextOrder++, UpdateBuilder.id(2)));
    stage.order(close(1, 1));
    assertThat(stage.published).isEmpty();
    assertThat(stage.keysWith("queue")).isEqualTo(1);

    stage.payload(payload(1, 1, 1));

    assertThat(values(0)).containsExactly(5, 5.125f);
    assertThat(stage.keysWith("queue")).isZero();
    assertThat(stage.keysWith("held")).isZero();
  }

  @Test
  void payloadWaitsForItsOrder() throws Exception {
    stage.payload(payload(1, 1, 1));
    assertThat(stage.keysWith("held")).isEqualTo(1);

    stage.order(new Order.Drop(SEGMENT, nextOrder++, UpdateBuilder.id(1)));

    assertThat(stage.keysWith("held")).isZero();
    assertThat(stage.entries()).isEqualTo(2);
  }

  @Test
  void foldsWaitUntilABatchIsFull() throws Exception {
    stage.close();
    open(16);
    stage.payload(payload(1, 1, 1));
    stage.order(fold(1, 10));
    assertThat(stage.keysWith("sum")).as("8 of 16 bytes").isZero();

    stage.order(fold(2, 10));
    stage.payload(payload(2, 1, 1));
    assertThat(stage.keysWith("sum")).as("16 of 16 bytes").isEqualTo(1);
    assertThat(stage.keysWith("held")).isZero();

    stage.payload(payload(3, 1, 1));
    stage.order(fold(3, 10));
    stage.order(close(1, 1));
    assertThat(values(0)).as("a close ends the batch").containsExactly(5, 5.125f);
    assertThat(stage.entries()).isEqualTo(2);
  }

  @Test
  void orderThatComesASecondTimeStopsTheJob() {
    assertThatThrownBy(() -> stage.order(new Order.Discard(SEGMENT, 0)))
        .hasStackTraceContaining("came again, segment 4 expects number 1");
  }

  @Test
  void changeIsPublishedInsteadOfTheVersionAndTheDigestIsOfTheValues() throws Exception {
    stage.payload(payload(1, 4, 1));
    stage.order(fold(1, 10));
    stage.order(close(7, 5, Reference.DELTA, downlink(false)));

    assertThat(stage.published).hasSize(1);
    Publication record = stage.published.get(0);
    assertThat(record.topic()).isEqualTo(Publication.Topic.DELTAS);
    assertThat(record.partition()).isZero();
    assertThat(record.timestamp()).isEqualTo(99);
    assertThat(record.key()).isNull();
    ModelDelta delta = Records.decodeModelDelta(record.value());
    assertThat(delta.block()).isEqualTo(2);
    assertThat(delta.version()).isEqualTo(5);
    assertThat(delta.fromVersion()).isEqualTo(4);
    assertThat(delta.change().reference()).isEqualTo(Reference.DELTA);
    assertThat(delta.change().count()).as("the larger of two").isEqualTo(1);
    assertThat(stage.sealed)
        .containsExactly(
            new Sealed(SEGMENT, 7, 5, Models.digest(new float[] {8, 4.125f}), 16, null));
  }

  @Test
  void whatAChangeLeftOutIsInTheNextOneAndInTheSnapshot() throws Exception {
    stage.payload(payload(1, 4, 3));
    stage.order(fold(1, 10));
    stage.order(close(1, 1, Reference.DELTA, downlink(false)));
    assertThat(stage.keysWith("residual")).isEqualTo(1);
    stage.restart(2);
    stage.payload(payload(2, 1, 1));
    stage.order(fold(2, 10));
    stage.order(close(2, 2, Reference.DELTA, downlink(true)));

    assertThat(stage.published)
        .extracting(Publication::topic)
        .containsExactly(
            Publication.Topic.DELTAS, Publication.Topic.DELTAS, Publication.Topic.MODEL);
    assertThat(values(2)).containsExactly(8, 4.125f + 4);
    assertThat(stage.sealed.get(1).digest()).isEqualTo(Models.digest(new float[] {8, 8.125f}));
  }

  @Test
  void firstVersionThatIsPublishedWholeAgainTakesInWhatIsOwed() throws Exception {
    stage.payload(payload(1, 4, 3));
    stage.order(fold(1, 10));
    stage.order(close(1, 1, Reference.DELTA, downlink(false)));
    stage.order(close(2, 2));

    assertThat(values(1)).containsExactly(8, 7.125f);
    assertThat(stage.keysWith("residual")).isZero();
  }

  @Test
  void segmentThatNothingWasFoldedIntoSendsWhatIsOwed() throws Exception {
    stage.payload(payload(1, 4, 3));
    stage.order(fold(1, 10));
    stage.order(close(1, 1, Reference.DELTA, downlink(false)));
    stage.order(close(2, 2, Reference.DELTA, downlink(true)));

    assertThat(values(2)).containsExactly(8, 7.125f);
  }

  @Test
  void weightsTravelByTheirValues() throws Exception {
    stage.payload(payload(1, 4, 3));
    stage.order(fold(1, 10));
    stage.order(close(1, 1, Reference.WEIGHTS, downlink(false)));

    SegmentUpdate change = Records.decodeModelDelta(stage.published.get(0).value()).change();
    assertThat(change.reference()).isEqualTo(Reference.WEIGHTS);
    assertThat(change.indexCode()).isInstanceOf(IndexCode.Dense.class);
    assertThat(Models.floats(change.values())).containsExactly(4, 3);
    assertThat(stage.sealed.get(0).digest()).isEqualTo(Models.digest(new float[] {4, 3}));
    assertThat(stage.keysWith("residual")).isZero();
  }

  /** What a job without state does with a whole version and the changes since. */
  @Test
  void changesAreAppliedToWhatWasLoaded() throws Exception {
    List<SegmentUpdate> changes = new ArrayList<>();
    for (long version = 1; version <= 3; version++) {
      stage.payload(payload(version, version, 1.5f));
      stage.order(fold(version, 10));
      stage.order(close(version, version, Reference.DELTA, downlink(false)));
      changes.add(
          Records.decodeModelDelta(stage.published.get((int) version - 1).value()).change());
    }
    Sealed last = stage.sealed.get(2);
    stage.close();

    open(0);
    for (int i = 0; i < changes.size(); i++) {
      RecordId id = new RecordId(RecordId.Source.DELTAS, 0, i);
      stage.order(new Order.Apply(SEGMENT, nextOrder++, id, i + 1));
      stage.payload(new SegmentPayload(id, changes.get(i)));
    }
    stage.order(new Order.Republish(SEGMENT, nextOrder++, 4, 3, 99));

    assertThat(stage.sealed.get(stage.sealed.size() - 1).digest()).isEqualTo(last.digest());
  }

  private static Order.Downlink downlink(boolean snapshot) {
    EncodingSettings half =
        new EncodingSettings(
            "top-k",
            Reference.DELTA,
            EncodingSettings.Index.SMALLEST,
            EncodingSettings.Value.F32,
            32,
            0.5);
    return new Order.Downlink(half, 4, snapshot);
  }

  private Order close(long sequence, long version, Reference reference, Order.Downlink downlink) {
    return new Order.Close(
        SEGMENT,
        nextOrder++,
        sequence,
        version,
        Q,
        reference,
        new TransformCode.Plain(),
        1,
        99,
        downlink,
        null);
  }

  private Order fold(long offset, long weight) {
    return new Order.Fold(
        SEGMENT, nextOrder++, UpdateBuilder.id(offset), weight, Q, AggregationRule.WEIGHTED_MEAN);
  }

  private Order close(long sequence, long version) {
    return new Order.Close(
        SEGMENT,
        nextOrder++,
        sequence,
        version,
        Q,
        Reference.DELTA,
        new TransformCode.Plain(),
        1,
        99);
  }

  private static SegmentPayload payload(long offset, float... values) {
    return new SegmentPayload(
        UpdateBuilder.id(offset),
        new SegmentUpdate(
            SEGMENT,
            Reference.DELTA,
            2,
            new IndexCode.Dense(),
            Bytes.EMPTY,
            new ValueCode.F32(),
            Bytes.of(Models.bytes(values))));
  }

  private float[] values(int publication) {
    Bytes bytes = Records.decodeModelSegment(stage.published.get(publication).value()).values();
    return Models.floats(bytes);
  }
}

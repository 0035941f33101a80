// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.operator;

import static anabranch.udf.operator.LoadedSegment.Q;
import static anabranch.udf.operator.LoadedSegment.SEGMENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import anabranch.protocol.Bytes;
import anabranch.protocol.avro.Records;
import anabranch.protocol.codec.IndexCode;
import anabranch.protocol.codec.Reference;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.codec.TransformCode;
import anabranch.protocol.codec.ValueCode;
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
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One segment through its orders. */
class AggregateFunctionTest {

  private LoadedSegment segment;

  @BeforeEach
  void load() throws Exception {
    segment = new LoadedSegment(0);
  }

  @AfterEach
  void close() {
    segment.close();
  }

  /** McMahan et al., arXiv 1602.05629: deltas [1, 2] and [3, -2] of 10 and 30 samples. */
  @Test
  void closePublishesTheModelMovedByTheWeightedMean() throws Exception {
    segment.payload(1, 1, 2);
    segment.fold(1, 10);
    segment.fold(2, 30);
    segment.payload(2, 3, -2);
    segment.closeRound(7, 5);

    Publication record = segment.stage.published.get(0);
    float[] expected = {4 + 2.5f, 4.125f - 1};
    assertThat(Records.decodeModelSegment(record.value()))
        .isEqualTo(new ModelSegment(2, SEGMENT, 5, Bytes.of(Models.bytes(expected))));
    assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo("2/4/1");
    assertThat(record.topic()).isEqualTo(Publication.Topic.MODEL);
    assertThat(record.partition()).isZero();
    assertThat(record.timestamp()).isEqualTo(99);
    assertThat(segment.stage.sealed)
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
      segment.payload(version, 1, 1);
      segment.fold(version, 10);
      segment.closeRound(version, version);
    }

    assertThat(segment.values(1)).containsExactly(6, 6.125f);
  }

  @Test
  void roundWithoutAContributionPublishesTheOldValuesUnderTheNewVersion() throws Exception {
    segment.closeRound(1, 1);

    assertThat(segment.values(0)).containsExactly(4, 4.125f);
    assertThat(Records.decodeModelSegment(segment.stage.published.get(0).value()).version())
        .isEqualTo(1);
    assertThat(segment.stage.sealed.get(0).squaredChange()).isZero();
  }

  @Test
  void versionThatDivergedCanBeLoadedAgain() throws Exception {
    segment.reload(Float.MAX_VALUE, -Float.MAX_VALUE);
    for (long version = 1; version <= 2; version++) {
      segment.payload(version, 0x1p64f, -0x1p64f);
      segment.stage.order(
          new Order.Fold(
              SEGMENT,
              segment.nextOrder(),
              UpdateBuilder.id(version),
              1,
              FixedPointGrid.of(64, 1, 1).unitExponent(),
              AggregationRule.WEIGHTED_MEAN));
      segment.stage.order(
          new Order.Close(
              SEGMENT,
              segment.nextOrder(),
              version,
              version,
              FixedPointGrid.of(64, 1, 1).unitExponent(),
              Reference.DELTA,
              new TransformCode.Plain(),
              1_000_000,
              99));
    }
    float[] diverged = segment.values(1);
    assertThat(diverged).containsExactly(Float.MAX_VALUE, -Float.MAX_VALUE);

    segment.stage.published.clear();
    segment.reload(diverged);
    segment.closeRound(3, 3);

    assertThat(segment.values(0)).containsExactly(diverged);
  }

  @Test
  void modelThatIsNotFiniteIsRefusedWithItsPlace() {
    assertThatThrownBy(() -> segment.reload(1, Float.NaN))
        .hasStackTraceContaining("segment 4 of the announced model")
        .hasStackTraceContaining("value 1 is NaN");
  }

  @Test
  void discardForgetsTheRound() throws Exception {
    segment.payload(1, 100, 100);
    segment.fold(1, 10);
    segment.stage.order(new Order.Discard(SEGMENT, segment.nextOrder()));
    segment.closeRound(1, 1);

    assertThat(segment.values(0)).containsExactly(4, 4.125f);
  }

  @Test
  void republishRepeatsTheBytes() throws Exception {
    segment.payload(1, 1, 1);
    segment.fold(1, 10);
    segment.closeRound(1, 1);
    segment.stage.order(new Order.Republish(SEGMENT, segment.nextOrder(), 2, 1, 99));

    assertThat(segment.stage.published.get(1).value())
        .isEqualTo(segment.stage.published.get(0).value());
    assertThat(segment.stage.published.get(1).key())
        .isEqualTo(segment.stage.published.get(0).key());
    assertThat(segment.stage.sealed.get(1).sequence()).isEqualTo(2);
    assertThat(segment.stage.sealed.get(1).digest())
        .isEqualTo(segment.stage.sealed.get(0).digest());
  }

  @Test
  void orderWaitsForItsPayloadAndHoldsUpThoseBehindIt() throws Exception {
    segment.payload(2, 3, 3);
    segment.fold(1, 10);
    segment.stage.order(new Order.Drop(SEGMENT, segment.nextOrder(), UpdateBuilder.id(2)));
    segment.closeRound(1, 1);
    assertThat(segment.stage.published).isEmpty();
    assertThat(segment.stage.keysWith("queue")).isEqualTo(1);

    segment.payload(1, 1, 1);

    assertThat(segment.values(0)).containsExactly(5, 5.125f);
    assertThat(segment.stage.keysWith("queue")).isZero();
    assertThat(segment.stage.keysWith("held")).isZero();
  }

  @Test
  void payloadWaitsForItsOrder() throws Exception {
    segment.payload(1, 1, 1);
    assertThat(segment.stage.keysWith("held")).isEqualTo(1);

    segment.stage.order(new Order.Drop(SEGMENT, segment.nextOrder(), UpdateBuilder.id(1)));

    assertThat(segment.stage.keysWith("held")).isZero();
    assertThat(segment.stage.entries()).isEqualTo(2);
  }

  @Test
  void foldsWaitUntilABatchIsFull() throws Exception {
    segment.close();
    segment = new LoadedSegment(16);
    segment.payload(1, 1, 1);
    segment.fold(1, 10);
    assertThat(segment.stage.keysWith("sum")).as("8 of 16 bytes").isZero();

    segment.fold(2, 10);
    segment.payload(2, 1, 1);
    assertThat(segment.stage.keysWith("sum")).as("16 of 16 bytes").isEqualTo(1);
    assertThat(segment.stage.keysWith("held")).isZero();

    segment.payload(3, 1, 1);
    segment.fold(3, 10);
    segment.closeRound(1, 1);
    assertThat(segment.values(0)).as("a close ends the batch").containsExactly(5, 5.125f);
    assertThat(segment.stage.entries()).isEqualTo(2);
  }

  @Test
  void orderThatComesASecondTimeStopsTheJob() {
    assertThatThrownBy(() -> segment.stage.order(new Order.Discard(SEGMENT, 0)))
        .hasStackTraceContaining("came again, segment 4 expects number 1");
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.operator;

import anabranch.protocol.Bytes;
import anabranch.protocol.avro.Records;
import anabranch.protocol.codec.IndexCode;
import anabranch.protocol.codec.Reference;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.codec.TransformCode;
import anabranch.protocol.codec.ValueCode;
import anabranch.udf.aggregation.AggregationRule;
import anabranch.udf.message.Order;
import anabranch.udf.message.RecordId;
import anabranch.udf.message.SegmentPayload;
import anabranch.udf.testkit.Models;
import anabranch.udf.testkit.UpdateBuilder;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;

/**
 * Segment 4, which has two elements, in an operator that has loaded version 0 of it, [4, 4.125];
 * the orders that it is given have its numbers in sequence.
 */
final class LoadedSegment implements AutoCloseable {

  static final int SEGMENT = 4;

  /** Of the grid on which rounds are summed. */
  static final int Q = -20;

  /** The operator, and what came out of it. */
  final AggregateStage stage;

  private long nextOrder;

  LoadedSegment(int foldBatchBytes) throws Exception {
    stage = new AggregateStage(HashMapStateBackend::new, foldBatchBytes);
    SegmentPayload initial = Models.payload(SEGMENT, 0, 0);
    stage.payload(initial);
    stage.order(new Order.Load(SEGMENT, nextOrder(), initial.id(), 0));
  }

  /** The number that the next order must have, each given once. */
  long nextOrder() {
    return nextOrder++;
  }

  /** A client's change comes, at this place of the log. */
  void payload(long offset, float... values) throws Exception {
    stage.payload(new SegmentPayload(UpdateBuilder.id(offset), dense(values)));
  }

  /** The order to fold what lies, or will lie, at this place of the log. */
  void fold(long offset, long weight) throws Exception {
    stage.order(
        new Order.Fold(
            SEGMENT,
            nextOrder(),
            UpdateBuilder.id(offset),
            weight,
            Q,
            AggregationRule.WEIGHTED_MEAN));
  }

  /** The order to end a round of changes, whose version is published whole. */
  void closeRound(long sequence, long version) throws Exception {
    closeRound(sequence, version, Reference.DELTA, null);
  }

  void closeRound(long sequence, long version, Reference reference, Order.Downlink downlink)
      throws Exception {
    stage.order(
        new Order.Close(
            SEGMENT,
            nextOrder(),
            sequence,
            version,
            Q,
            reference,
            new TransformCode.Plain(),
            1,
            99,
            downlink,
            null));
  }

  /** Other values are loaded. */
  void reload(float... values) throws Exception {
    RecordId id = UpdateBuilder.id(1_000 + nextOrder);
    stage.payload(new SegmentPayload(id, dense(values)));
    stage.order(new Order.Load(SEGMENT, nextOrder(), id, 0));
  }

  /** Of a version that was published whole. */
  float[] values(int publication) {
    return Models.floats(
        Records.decodeModelSegment(stage.published.get(publication).value()).values());
  }

  private static SegmentUpdate dense(float... values) {
    return new SegmentUpdate(
        SEGMENT,
        Reference.DELTA,
        2,
        new IndexCode.Dense(),
        Bytes.EMPTY,
        new ValueCode.F32(),
        Bytes.of(Models.bytes(values)));
  }

  @Override
  public void close() {
    stage.close();
  }
}

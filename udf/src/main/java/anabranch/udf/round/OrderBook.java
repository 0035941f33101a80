// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import anabranch.protocol.codec.Reference;
import anabranch.protocol.codec.TransformCode;
import anabranch.protocol.message.BlockVersion;
import anabranch.protocol.model.Role;
import anabranch.protocol.model.Segment;
import anabranch.udf.aggregation.AggregationRule;
import anabranch.udf.message.Order;
import anabranch.udf.message.RecordId;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/** Writes orders and numbers them, segment by segment, without a gap. */
final class OrderBook {

  private final long[] next;
  private Consumer<Order> output = order -> {};

  OrderBook(int segments) {
    next = new long[segments];
  }

  int segments() {
    return next.length;
  }

  void connect(Consumer<Order> orders) {
    output = orders;
  }

  void fold(int segment, RecordId payload, long weight, int unitExponent, AggregationRule rule) {
    output.accept(new Order.Fold(segment, next[segment]++, payload, weight, unitExponent, rule));
  }

  void drop(int segment, RecordId payload) {
    output.accept(new Order.Drop(segment, next[segment]++, payload));
  }

  void apply(int segment, RecordId payload, long version) {
    output.accept(new Order.Apply(segment, next[segment]++, payload, version));
  }

  void load(int segment, RecordId payload, long version) {
    output.accept(new Order.Load(segment, next[segment]++, payload, version));
  }

  /**
   * Buffers are replaced by their mean whatever the reference and the learning rate. The movement
   * of parameters alone is measured.
   */
  void close(
      Segment segment,
      long sequence,
      long version,
      int unitExponent,
      Reference reference,
      TransformCode transform,
      double learningRate,
      long timestamp,
      Order.Downlink downlink,
      Order.Probe probe) {
    boolean buffer = segment.role() == Role.BUFFER;
    output.accept(
        new Order.Close(
            segment.index(),
            next[segment.index()]++,
            sequence,
            version,
            unitExponent,
            buffer ? Reference.WEIGHTS : reference,
            buffer ? new TransformCode.Plain() : transform,
            buffer ? 1 : learningRate,
            timestamp,
            downlink,
            segment.role() == Role.PARAMETER ? probe : null));
  }

  void discard(int segment) {
    output.accept(new Order.Discard(segment, next[segment]++));
  }

  /** Has a block published whole under the version that it has. */
  void republish(List<Segment> segments, BlockVersion block, long sequence) {
    for (Segment segment : segments) {
      output.accept(
          new Order.Republish(
              segment.index(),
              next[segment.index()]++,
              sequence,
              block.version(),
              block.publishedAt()));
    }
  }

  void write(DataOutput out) throws IOException {
    out.writeInt(next.length);
    for (long number : next) {
      out.writeLong(number);
    }
  }

  static OrderBook read(DataInput in) throws IOException {
    OrderBook read = new OrderBook(in.readInt());
    for (int i = 0; i < read.next.length; i++) {
      read.next[i] = in.readLong();
    }
    return read;
  }
}

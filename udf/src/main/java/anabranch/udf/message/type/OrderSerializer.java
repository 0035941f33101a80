// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.message.type;

import anabranch.protocol.codec.Reference;
import anabranch.protocol.codec.TransformCode;
import anabranch.udf.aggregation.AggregationRule;
import anabranch.udf.message.Fields;
import anabranch.udf.message.Order;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Writes {@link Order}. */
public final class OrderSerializer extends ImmutableSerializer<Order> {

  private static final int FOLD = 0;
  private static final int DROP = 1;
  private static final int LOAD = 2;
  private static final int CLOSE = 3;
  private static final int DISCARD = 4;
  private static final int REPUBLISH = 5;
  private static final int APPLY = 6;
  private static final int WITHOUT_TRANSFORM = 0;
  private static final int WITHOUT_DOWNLINK = 1;
  private static final int WITHOUT_PROBE = 2;
  private static final Reference[] REFERENCES = Reference.values();
  private static final AggregationRule[] RULES = AggregationRule.values();

  public static final OrderSerializer INSTANCE = new OrderSerializer();

  private OrderSerializer() {
    super(3);
  }

  @Override
  void write(Order message, DataOutputView out) throws IOException {
    if (message instanceof Order.Fold fold) {
      writeCommon(FOLD, fold, out);
      Fields.writeId(fold.payload(), out);
      out.writeLong(fold.weight());
      out.writeInt(fold.unitExponent());
      out.writeByte(fold.rule().ordinal());
    } else if (message instanceof Order.Drop drop) {
      writeCommon(DROP, drop, out);
      Fields.writeId(drop.payload(), out);
    } else if (message instanceof Order.Load load) {
      writeCommon(LOAD, load, out);
      Fields.writeId(load.payload(), out);
      out.writeLong(load.version());
    } else if (message instanceof Order.Close close) {
      writeCommon(CLOSE, close, out);
      out.writeLong(close.sequence());
      out.writeLong(close.version());
      out.writeInt(close.unitExponent());
      out.writeByte(close.reference().ordinal());
      Fields.writeTransform(close.transform(), out);
      out.writeDouble(close.learningRate());
      out.writeLong(close.timestamp());
      writeDownlink(close.downlink(), out);
      writeProbe(close.probe(), out);
    } else if (message instanceof Order.Discard discard) {
      writeCommon(DISCARD, discard, out);
    } else if (message instanceof Order.Republish republish) {
      writeCommon(REPUBLISH, republish, out);
      out.writeLong(republish.sequence());
      out.writeLong(republish.version());
      out.writeLong(republish.timestamp());
    } else if (message instanceof Order.Apply apply) {
      writeCommon(APPLY, apply, out);
      Fields.writeId(apply.payload(), out);
      out.writeLong(apply.version());
    }
  }

  private static void writeDownlink(Order.Downlink downlink, DataOutputView out)
      throws IOException {
    out.writeBoolean(downlink != null);
    if (downlink != null) {
      Fields.writeEncoding(downlink.encoding(), out);
      out.writeLong(downlink.fromVersion());
      out.writeBoolean(downlink.snapshot());
    }
  }

  private static Order.Downlink readDownlink(DataInputView in) throws IOException {
    return in.readBoolean()
        ? new Order.Downlink(Fields.readEncoding(in), in.readLong(), in.readBoolean())
        : null;
  }

  private static void writeProbe(Order.Probe probe, DataOutputView out) throws IOException {
    out.writeBoolean(probe != null);
    if (probe != null) {
      out.writeLong(probe.seed());
      out.writeInt(probe.window());
    }
  }

  private static Order.Probe readProbe(DataInputView in) throws IOException {
    return in.readBoolean() ? new Order.Probe(in.readLong(), in.readInt()) : null;
  }

  @Override
  Order read(int format, DataInputView in) throws IOException {
    int kind = in.readByte();
    int segment = in.readInt();
    long number = in.readLong();
    return switch (kind) {
      case FOLD ->
          new Order.Fold(
              segment,
              number,
              Fields.readId(in),
              in.readLong(),
              in.readInt(),
              RULES[in.readByte()]);
      case DROP -> new Order.Drop(segment, number, Fields.readId(in));
      case LOAD -> new Order.Load(segment, number, Fields.readId(in), in.readLong());
      case CLOSE ->
          new Order.Close(
              segment,
              number,
              in.readLong(),
              in.readLong(),
              in.readInt(),
              REFERENCES[in.readByte()],
              format == WITHOUT_TRANSFORM ? new TransformCode.Plain() : Fields.readTransform(in),
              in.readDouble(),
              in.readLong(),
              format <= WITHOUT_DOWNLINK ? null : readDownlink(in),
              format <= WITHOUT_PROBE ? null : readProbe(in));
      case DISCARD -> new Order.Discard(segment, number);
      case REPUBLISH ->
          new Order.Republish(segment, number, in.readLong(), in.readLong(), in.readLong());
      case APPLY -> new Order.Apply(segment, number, Fields.readId(in), in.readLong());
      default -> throw new IOException("unknown kind of order " + kind);
    };
  }

  private static void writeCommon(int kind, Order order, DataOutputView out) throws IOException {
    out.writeByte(kind);
    out.writeInt(order.segment());
    out.writeLong(order.number());
  }

  @Override
  public TypeSerializerSnapshot<Order> snapshotConfiguration() {
    return new Snapshot();
  }

  /** What a savepoint keeps of this serializer. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<Order> {
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.operator;

import anabranch.protocol.Bytes;
import anabranch.protocol.codec.DecodedSegment;
import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.codec.Reference;
import anabranch.protocol.codec.SegmentTransform;
import anabranch.protocol.model.Digest;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Segment;
import anabranch.udf.aggregation.AggregationRule;
import anabranch.udf.aggregation.DownlinkEncoder;
import anabranch.udf.aggregation.FixedPointGrid;
import anabranch.udf.aggregation.SegmentSum;
import anabranch.udf.aggregation.ServerStep;
import anabranch.udf.message.Order;
import anabranch.udf.message.Publication;
import anabranch.udf.message.RecordId;
import anabranch.udf.message.Sealed;
import anabranch.udf.message.SegmentPayload;
import anabranch.udf.message.SegmentProgress;
import anabranch.udf.message.type.FloatArraySerializer;
import anabranch.udf.message.type.MessageType;
import anabranch.udf.message.type.MovementTraceSerializer;
import anabranch.udf.message.type.OrderSerializer;
import anabranch.udf.message.type.RecordIdSerializer;
import anabranch.udf.message.type.SegmentPayloadSerializer;
import anabranch.udf.message.type.SegmentProgressSerializer;
import anabranch.udf.message.type.SegmentSumSerializer;
import anabranch.udf.movement.Movement;
import java.util.Arrays;
import java.util.BitSet;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * The data plane: holds the model, segment by segment, keeps each payload until its order comes and
 * each order until its payload comes, and obeys strictly in sequence. It has no timers and knows no
 * policy, and after a round nothing is left in its state but the model, its progress, what encoded
 * changes have left out and where a sample was in the newest versions, if movement is measured.
 *
 * <p>Main output: new versions for the model topic, and their changes for the deltas topic. Side
 * output {@link #SEALED}: the word that a version is out, which follows the version itself.
 */
public final class AggregateFunction
    extends KeyedCoProcessFunction<Integer, SegmentPayload, Order, Publication> {

  public static final OutputTag<Sealed> SEALED = new OutputTag<>("sealed", MessageType.SEALED);

  private final ModelManifest manifest;
  private final int modelPartitions;
  private final int deltasPartitions;
  private final int foldBatchBytes;

  /** Never cleared: the order sequence goes on for ever. */
  private transient ValueState<SegmentProgress> progress;

  /** Set by load, replaced by apply and close; never cleared. */
  private transient ValueState<float[]> model;

  /**
   * What encoded changes of the model have left out so far. Set by close, null where nothing is
   * owed; a segment that is not trained keeps it.
   */
  private transient ValueState<float[]> residual;

  /** Set by the first fold of a round, cleared by close or discard. */
  private transient ValueState<SegmentSum> sum;

  /** An entry is removed by the one order for its payload. */
  private transient MapState<RecordId, SegmentPayload> held;

  /** An entry is removed when it is obeyed. */
  private transient MapState<Long, Order> queue;

  private transient PayloadDecoder decoder;
  private transient MovementProbe probe;

  /** Made when the first change is encoded: it is as large as several segments. */
  private transient DownlinkEncoder encoder;

  private transient SegmentPublisher publisher;
  private transient BitSet counted;
  private transient long heldBytes;
  private transient long ordersWaiting;

  /**
   * @param manifest of the model
   * @param modelPartitions partitions of the model topic
   * @param deltasPartitions partitions of the deltas topic
   * @param foldBatchBytes payload bytes that are collected before they are folded together, 0 to
   *     fold each at once; worth it where reading and writing the sum is dear, as on RocksDB
   */
  public AggregateFunction(
      ModelManifest manifest, int modelPartitions, int deltasPartitions, int foldBatchBytes) {
    this.manifest = manifest;
    this.modelPartitions = modelPartitions;
    this.deltasPartitions = deltasPartitions;
    this.foldBatchBytes = foldBatchBytes;
  }

  @Override
  public void open(OpenContext context) {
    progress = value("progress", SegmentProgressSerializer.INSTANCE);
    model = value("model", FloatArraySerializer.INSTANCE);
    residual = value("residual", FloatArraySerializer.INSTANCE);
    sum = value("sum", SegmentSumSerializer.INSTANCE);
    held =
        getRuntimeContext()
            .getMapState(
                new MapStateDescriptor<>(
                    "held", RecordIdSerializer.INSTANCE, SegmentPayloadSerializer.INSTANCE));
    queue =
        getRuntimeContext()
            .getMapState(
                new MapStateDescriptor<>(
                    "queue", LongSerializer.INSTANCE, OrderSerializer.INSTANCE));
    decoder = new PayloadDecoder(manifest);
    probe = new MovementProbe(manifest, value("trace", MovementTraceSerializer.INSTANCE));
    publisher = new SegmentPublisher(manifest, modelPartitions, deltasPartitions);
    counted = new BitSet();
    MetricGroup metrics = getRuntimeContext().getMetricGroup().addGroup("fl");
    metrics.gauge("bytesHeld", () -> heldBytes);
    metrics.gauge("ordersWaiting", () -> ordersWaiting);
  }

  private <T> ValueState<T> value(String name, TypeSerializer<T> serializer) {
    return getRuntimeContext().getState(new ValueStateDescriptor<>(name, serializer));
  }

  @Override
  public void processElement1(SegmentPayload payload, Context context, Collector<Publication> out)
      throws Exception {
    int segment = payload.update().segment();
    SegmentProgress before = progressOf(segment);
    held.put(payload.id(), payload);
    heldBytes += payload.size();
    drainIfDue(segment, before.hold(payload.size()), context, out);
  }

  @Override
  public void processElement2(Order order, Context context, Collector<Publication> out)
      throws Exception {
    SegmentProgress before = progressOf(order.segment());
    if (order.number() < before.nextOrder()) {
      throw new IllegalStateException(
          "order %s came again, segment %d expects number %d"
              .formatted(order, order.segment(), before.nextOrder()));
    }
    queue.put(order.number(), order);
    ordersWaiting++;
    drainIfDue(order.segment(), before.enqueue(order), context, out);
  }

  /** The segment's progress; its share of the gauges is counted when it is first seen. */
  private SegmentProgress progressOf(int segment) throws Exception {
    SegmentProgress stored = progress.value();
    SegmentProgress current = stored == null ? SegmentProgress.START : stored;
    if (!counted.get(segment)) {
      counted.set(segment);
      heldBytes += current.heldBytes();
      ordersWaiting += current.queued();
    }
    return current;
  }

  private void drainIfDue(
      int segment, SegmentProgress current, Context context, Collector<Publication> out)
      throws Exception {
    boolean due =
        current.queued() > 0 && (current.pressing() > 0 || current.heldBytes() >= foldBatchBytes);
    progress.update(due ? drain(segment, current, context, out) : current);
  }

  private SegmentProgress drain(
      int segment, SegmentProgress start, Context context, Collector<Publication> out)
      throws Exception {
    SegmentProgress current = start;
    OpenSum open = new OpenSum();
    while (current.queued() > 0) {
      Order order = queue.get(current.nextOrder());
      SegmentPayload payload = null;
      if (order instanceof Order.ForPayload forPayload) {
        payload = held.get(forPayload.payload());
        if (payload == null) {
          break;
        }
        held.remove(forPayload.payload());
      } else if (order == null) {
        break;
      }
      long weight = obey(order, payload, current.weight(), open, context, out);
      long released = payload == null ? 0 : payload.size();
      queue.remove(current.nextOrder());
      heldBytes -= released;
      ordersWaiting--;
      current = current.advance(order, released, weight);
    }
    open.store();
    return current;
  }

  /** Returns Σω after the order. */
  private long obey(
      Order order,
      SegmentPayload payload,
      long weight,
      OpenSum open,
      Context context,
      Collector<Publication> out)
      throws Exception {
    if (order instanceof Order.Fold fold) {
      int coefficients = decoder.decodeAdmitted(payload);
      open.ofRule(fold.rule(), coefficients)
          .add(decoder.decoded(), fold.weight(), new FixedPointGrid(fold.unitExponent()));
      return weight + fold.weight();
    }
    if (order instanceof Order.Load) {
      decoder.decodePublished(payload);
      DecodedSegment decoded = decoder.decoded();
      model.update(Arrays.copyOf(decoded.values(), decoded.count()));
      return weight;
    }
    if (order instanceof Order.Apply) {
      decoder.decodePublished(payload);
      float[] values = model.value().clone();
      decoder.decoded().applyTo(payload.update().reference(), values, 0);
      model.update(values);
      return weight;
    }
    if (order instanceof Order.Close close) {
      close(close, weight == 0 ? null : open.current(), weight, context, out);
      open.clear();
      return 0;
    }
    if (order instanceof Order.Discard) {
      open.clear();
      return 0;
    }
    if (order instanceof Order.Republish again) {
      Segment segment = manifest.segments().get(order.segment());
      Bytes values = Bytes.ofFloats(model.value());
      out.collect(publisher.whole(segment, again.version(), values, again.timestamp()));
      seal(segment, again.sequence(), again.version(), values, 0, null, context);
    }
    return weight;
  }

  /**
   * @param sum of the round, null when nothing was folded
   */
  private void close(
      Order.Close close, SegmentSum sum, long weight, Context context, Collector<Publication> out)
      throws Exception {
    Segment segment = manifest.segments().get(close.segment());
    Order.Downlink downlink = close.downlink();
    float[] old = model.value();
    DownlinkEncoder.Step step = step(close, segment, old, sum, weight);
    model.update(step.values());
    if (downlink != null) {
      out.collect(
          publisher.delta(
              segment, close.version(), downlink.fromVersion(), step.update(), close.timestamp()));
    }
    Bytes values = Bytes.ofFloats(step.values());
    if (downlink == null || downlink.snapshot()) {
      out.collect(publisher.whole(segment, close.version(), values, close.timestamp()));
    }
    double squared = squaredChange(step.values(), old);
    Movement movement = probe.measure(close.probe(), segment, old, step.values());
    seal(segment, close.sequence(), close.version(), values, squared, movement, context);
  }

  /** The next version; what its change leaves out is stored. */
  private DownlinkEncoder.Step step(
      Order.Close close, Segment segment, float[] old, SegmentSum sum, long weight)
      throws Exception {
    ServerStep step = new ServerStep(close.reference(), close.learningRate());
    SegmentTransform transform = SegmentTransform.of(close.transform(), manifest, segment);
    FixedPointGrid grid = new FixedPointGrid(close.unitExponent());
    float[] owed = residual.value();
    if (owed != null && close.reference() == Reference.WEIGHTS) {
      // Owed to the sequence of changes, which ends here.
      residual.clear();
      owed = null;
    }
    boolean byChange = close.reference() == Reference.DELTA && close.downlink() != null;
    if (!byChange && owed == null) {
      float[] next = sum == null ? old : step.apply(old, sum, weight, grid, transform);
      return close.downlink() == null
          ? new DownlinkEncoder.Step(null, next, null)
          : DownlinkEncoder.values(segment.index(), next);
    }
    float[] change = step.change(owed, sum, weight, grid, transform, old.length);
    // Where changes travel no longer, the first whole version takes in all that is owed.
    EncodingSettings encoding = byChange ? close.downlink().encoding() : EncodingSettings.DENSE_F32;
    if (encoder == null) {
      encoder = new DownlinkEncoder(decoder.decoded());
    }
    DownlinkEncoder.Step encoded =
        encoder.encode(segment.index(), close.version(), old, change, encoding);
    residual.update(encoded.residual());
    return encoded;
  }

  private static void seal(
      Segment segment,
      long sequence,
      long version,
      Bytes values,
      double squaredChange,
      Movement movement,
      Context context) {
    Digest digest = Digest.ofContent(values.array(), 0, values.length());
    context.output(
        SEALED, new Sealed(segment.index(), sequence, version, digest, squaredChange, movement));
  }

  private static double squaredChange(float[] values, float[] old) {
    double total = 0;
    for (int i = 0; i < values.length; i++) {
      double change = (double) values[i] - old[i];
      total += change * change;
    }
    return total;
  }

  /** The round's sum, read from state once a drain and written back once. */
  private final class OpenSum {

    private SegmentSum current;
    private boolean changed;

    SegmentSum ofRule(AggregationRule rule, int coefficients) throws Exception {
      if (current() == null) {
        current = SegmentSum.zero(rule, coefficients);
      }
      changed = true;
      return current;
    }

    SegmentSum current() throws Exception {
      if (current == null) {
        current = sum.value();
      }
      return current;
    }

    void clear() {
      current = null;
      changed = false;
      sum.clear();
    }

    void store() throws Exception {
      if (changed) {
        sum.update(current);
      }
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.testkit;

import anabranch.protocol.Bytes;
import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.codec.Reference;
import anabranch.protocol.codec.SegmentEncoder;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.message.ClientCheckIn;
import anabranch.protocol.message.ClientUpdate;
import anabranch.protocol.message.Plan;
import anabranch.protocol.model.Role;
import anabranch.protocol.model.Segment;
import anabranch.udf.message.Header;
import anabranch.udf.message.RecordId;
import anabranch.udf.message.SegmentPayload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.IntStream;

/** One part of a client's answer to a plan, right in every respect until a test changes it. */
public final class UpdateBuilder {

  private final String clientId;
  private final Plan plan;
  private long session;
  private long planId;
  private long round;
  private int part;
  private int parts = 1;
  private long samples = ControlPlane.SAMPLES;
  private Map<String, Double> metrics = Map.of();
  private int[] segments;
  private boolean weights;
  private EncodingSettings encoding;
  private float[] sketch = new float[0];
  private ToDoubleBiFunction<Integer, Integer> value = (segment, i) -> segment + 1;

  private UpdateBuilder(String clientId, Plan plan) {
    this.clientId = clientId;
    this.plan = plan;
    session = session(clientId);
    planId = plan.planId();
    round = plan.round();
    segments = segmentsOf(plan);
    weights = plan.encoding().reference() == Reference.WEIGHTS;
    encoding = plan.encoding();
  }

  /** The whole answer in one part: ones in segment 0, twos in segment 1, and so on. */
  public static UpdateBuilder answer(String clientId, Plan plan) {
    return new UpdateBuilder(clientId, plan);
  }

  /** The session under which {@link #checkIn} registers a client. */
  public static long session(String clientId) {
    return 1_000_000L + clientId.hashCode();
  }

  public static ClientCheckIn checkIn(String clientId, long samples) {
    return checkIn(clientId, samples, 0);
  }

  public static ClientCheckIn checkIn(String clientId, long samples, long memoryBytes) {
    return new ClientCheckIn(
        clientId, session(clientId), ClientCheckIn.Status.READY, samples, memoryBytes, "test");
  }

  public static int[] segmentsOf(Plan plan) {
    return plan.trainBlocks().stream()
        .flatMap(block -> Models.MANIFEST.segmentsOf(block).stream())
        .mapToInt(Segment::index)
        .toArray();
  }

  public UpdateBuilder session(long value) {
    session = value;
    return this;
  }

  public UpdateBuilder planId(long value) {
    planId = value;
    return this;
  }

  public UpdateBuilder round(long value) {
    round = value;
    return this;
  }

  /** Part {@code number} of {@code count}, with these segments. */
  public UpdateBuilder sketch(float... value) {
    sketch = value;
    return this;
  }

  public UpdateBuilder part(int number, int count, int... indices) {
    part = number;
    parts = count;
    segments = indices;
    return this;
  }

  public UpdateBuilder samples(long value) {
    samples = value;
    return this;
  }

  public UpdateBuilder metrics(Map<String, Double> values) {
    metrics = values;
    return this;
  }

  public UpdateBuilder weights(boolean reference) {
    weights = reference;
    return this;
  }

  /** Another encoding than the plan asks for. */
  public UpdateBuilder encoding(EncodingSettings value) {
    encoding = value;
    return this;
  }

  /** Values by segment and element. */
  public UpdateBuilder value(ToDoubleBiFunction<Integer, Integer> function) {
    value = function;
    return this;
  }

  /** What validate would say of it, without the values. */
  public Header.Update header(long offset) {
    long bytes = 4L * IntStream.of(segments).map(UpdateBuilder::length).sum();
    return header(offset, bytes);
  }

  public Header.Update header(long offset, long payloadBytes) {
    long dense = 4L * IntStream.of(segments).map(UpdateBuilder::length).sum();
    return new Header.Update(
        id(offset),
        (int) payloadBytes + 100,
        clientId,
        session,
        planId,
        round,
        part,
        parts,
        samples,
        part == 0 ? metrics : Map.of(),
        segments,
        weights ? Reference.WEIGHTS : Reference.DELTA,
        encoding.transformCode(plan.seed()),
        payloadBytes,
        dense,
        sketch,
        Bytes.EMPTY);
  }

  public static RecordId id(long offset) {
    return new RecordId(RecordId.Source.UPDATES, 0, offset);
  }

  /** The payloads that validate would send on, of the record at this offset. */
  public List<SegmentPayload> payloads(long offset) {
    return record().segments().stream()
        .map(update -> new SegmentPayload(id(offset), update))
        .toList();
  }

  /** The record itself. */
  public ClientUpdate record() {
    List<SegmentUpdate> encoded = new ArrayList<>();
    for (int segment : segments) {
      encoded.add(encode(segment));
    }
    return new ClientUpdate(
        clientId, session, planId, round, part, parts, samples, metrics, encoded, null, null);
  }

  private SegmentUpdate encode(int segment) {
    float[] values = new float[length(segment)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) value.applyAsDouble(segment, i);
    }
    boolean buffer = Models.MANIFEST.segments().get(segment).role() == Role.BUFFER;
    return new SegmentEncoder()
        .encode(
            segment,
            values,
            0,
            values.length,
            weights || buffer ? Reference.WEIGHTS : Reference.DELTA,
            buffer ? EncodingSettings.DENSE_F32 : encoding,
            plan.seed());
  }

  private static int length(int segment) {
    return Models.MANIFEST.segments().get(segment).length();
  }
}

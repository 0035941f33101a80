// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.operator;

import anabranch.protocol.Bytes;
import anabranch.protocol.avro.Records;
import anabranch.protocol.codec.DecodedSegment;
import anabranch.protocol.codec.IndexCode;
import anabranch.protocol.codec.MalformedUpdateException;
import anabranch.protocol.codec.MalformedUpdateException.Reason;
import anabranch.protocol.codec.Reference;
import anabranch.protocol.codec.SegmentDecoder;
import anabranch.protocol.codec.SegmentTransform;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.codec.TransformCode;
import anabranch.protocol.message.ClientUpdate;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Role;
import anabranch.protocol.model.Segment;
import anabranch.udf.aggregation.AggregationRule;
import anabranch.udf.aggregation.MagnitudeBounds;
import anabranch.udf.message.ConsumedRecord;
import anabranch.udf.message.Header;
import anabranch.udf.message.SegmentPayload;
import anabranch.udf.message.type.MessageType;
import anabranch.udf.similarity.UpdateSketch;
import java.util.BitSet;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Decodes each update record completely without touching anything, since after admission nothing
 * may fail. It sends exactly one header for every record, garbage included, and the segments of a
 * valid one to {@link #SEGMENTS}. It holds no state and never throws.
 */
public final class ValidateUpdatesFunction extends ProcessFunction<ConsumedRecord, Header> {

  public static final OutputTag<SegmentPayload> SEGMENTS =
      new OutputTag<>("segments", MessageType.SEGMENT_PAYLOAD);

  /** How much of a refused record is shown on the rejected topic. */
  private static final int PREFIX_BYTES = 64;

  private final ModelManifest manifest;
  private final MagnitudeBounds bounds;
  private final AggregationRule rule;
  private final boolean sketching;

  private transient DecodedSegment decoded;

  /**
   * @param bounds how large values may be
   * @param rule how updates combine
   * @param sketching whether headers carry a sketch of the values, for the similarity report
   */
  public ValidateUpdatesFunction(
      ModelManifest manifest, MagnitudeBounds bounds, AggregationRule rule, boolean sketching) {
    this.manifest = manifest;
    this.bounds = bounds;
    this.rule = rule;
    this.sketching = sketching;
  }

  @Override
  public void open(OpenContext context) {
    decoded = new DecodedSegment();
  }

  @Override
  public void processElement(ConsumedRecord record, Context context, Collector<Header> out) {
    ClientUpdate update = null;
    try {
      if (record.value() == null) {
        throw new MalformedUpdateException(Reason.UNREADABLE, "the record has no value");
      }
      update = Records.decodeClientUpdate(record.value(), manifest);
      Header.Update header = check(record, update);
      for (SegmentUpdate segment : update.segments()) {
        context.output(SEGMENTS, new SegmentPayload(record.id(), segment));
      }
      out.collect(header);
    } catch (MalformedUpdateException e) {
      out.collect(
          new Header.Unusable(
              record.id(),
              record.size(),
              e.reason().name(),
              e.getMessage(),
              update == null ? null : update.clientId(),
              update == null ? 0 : update.planId(),
              prefix(record)));
    }
  }

  private Header.Update check(ConsumedRecord record, ClientUpdate update)
      throws MalformedUpdateException {
    BitSet seen = new BitSet();
    long payloadBytes = 0;
    long denseBytes = 0;
    Reference parameters = null;
    TransformCode transform = new TransformCode.Plain();
    float[] sketch = new float[sketching ? UpdateSketch.WIDTH : 0];
    for (SegmentUpdate part : update.segments()) {
      Segment segment = segment(part, seen);
      if (segment.role() == Role.BUFFER) {
        demandReference(part, Reference.WEIGHTS);
        demandTransform(part, new TransformCode.Plain());
      } else if (parameters == null) {
        parameters = part.reference();
        transform = part.transform();
        demandSound(part);
      } else {
        demandReference(part, parameters);
        demandTransform(part, transform);
      }
      demandAllWeights(part);
      boolean sketched = sketching && segment.role() != Role.BUFFER;
      check(part, segment, sketched);
      if (sketched) {
        UpdateSketch.add(sketch, segment.index(), decoded);
      }
      payloadBytes += (long) part.index().length() + part.values().length();
      denseBytes += (long) Float.BYTES * segment.length();
    }
    return new Header.Update(
        record.id(),
        record.size(),
        update.clientId(),
        update.session(),
        update.planId(),
        update.round(),
        update.part(),
        update.parts(),
        update.samples(),
        update.part() == 0 ? update.metrics() : Map.of(),
        seen.stream().toArray(),
        parameters,
        transform,
        payloadBytes,
        denseBytes,
        sketch,
        prefix(record));
  }

  private Segment segment(SegmentUpdate part, BitSet seen) throws MalformedUpdateException {
    if (part.segment() < 0 || part.segment() >= manifest.segments().size()) {
      throw new MalformedUpdateException(
          Reason.SEGMENT,
          "segment %d, the manifest has 0 to %d"
              .formatted(part.segment(), manifest.segments().size() - 1));
    }
    if (seen.get(part.segment())) {
      throw new MalformedUpdateException(
          Reason.SEGMENT, "segment %d twice in one record".formatted(part.segment()));
    }
    seen.set(part.segment());
    return manifest.segments().get(part.segment());
  }

  private static void demandReference(SegmentUpdate part, Reference reference)
      throws MalformedUpdateException {
    if (part.reference() != reference) {
      throw new MalformedUpdateException(
          Reason.REFERENCE,
          "segment %d came as %s, expected %s"
              .formatted(part.segment(), part.reference(), reference));
    }
  }

  private static void demandTransform(SegmentUpdate part, TransformCode transform)
      throws MalformedUpdateException {
    if (!part.transform().equals(transform)) {
      throw new MalformedUpdateException(
          Reason.TRANSFORM,
          "segment %d came as %s, expected %s"
              .formatted(part.segment(), part.transform(), transform));
    }
  }

  private static void demandSound(SegmentUpdate part) throws MalformedUpdateException {
    if (part.transform() instanceof TransformCode.LowRankFactor factor && factor.rank() < 1) {
      throw new MalformedUpdateException(
          Reason.PARAMETER,
          "segment %d: a low-rank factor of %d columns, it has at least 1"
              .formatted(part.segment(), factor.rank()));
    }
  }

  /** In a plain mean an element that is not listed counts as 0: right for a difference alone. */
  private void demandAllWeights(SegmentUpdate part) throws MalformedUpdateException {
    if (part.reference() == Reference.WEIGHTS
        && !(part.indexCode() instanceof IndexCode.Dense)
        && rule == AggregationRule.WEIGHTED_MEAN) {
      throw new MalformedUpdateException(
          Reason.REFERENCE,
          "segment %d lists some weights only, which needs the coordinate-count mean"
              .formatted(part.segment()));
    }
  }

  private void check(SegmentUpdate part, Segment segment, boolean decodes)
      throws MalformedUpdateException {
    int maxExponent = bounds.maxExponent(segment.role());
    int coefficients = SegmentTransform.of(part.transform(), manifest, segment).coefficients();
    try {
      if (decodes) {
        SegmentDecoder.decode(part, coefficients, maxExponent, decoded);
      } else {
        SegmentDecoder.check(part, coefficients, maxExponent, decoded);
      }
    } catch (MalformedUpdateException e) {
      throw new MalformedUpdateException(
          e.reason(), "segment %d: %s".formatted(part.segment(), e.getMessage()));
    }
  }

  private static Bytes prefix(ConsumedRecord record) {
    byte[] value = record.value();
    return value == null ? Bytes.EMPTY : new Bytes(value, 0, Math.min(PREFIX_BYTES, value.length));
  }
}

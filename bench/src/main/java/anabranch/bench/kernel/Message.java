// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.kernel;

import anabranch.protocol.Bytes;
import anabranch.protocol.codec.Reference;
import anabranch.protocol.codec.SegmentEncoder;
import anabranch.protocol.codec.TransformCode;
import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.BlockVersion;
import anabranch.protocol.model.Digest;
import anabranch.udf.aggregation.AggregationRule;
import anabranch.udf.aggregation.SegmentSum;
import anabranch.udf.message.ConsumedRecord;
import anabranch.udf.message.Draft;
import anabranch.udf.message.Header;
import anabranch.udf.message.Order;
import anabranch.udf.message.Publication;
import anabranch.udf.message.RecordId;
import anabranch.udf.message.Sealed;
import anabranch.udf.message.SegmentPayload;
import anabranch.udf.message.SegmentProgress;
import anabranch.udf.message.type.ConsumedRecordSerializer;
import anabranch.udf.message.type.DraftSerializer;
import anabranch.udf.message.type.FloatArraySerializer;
import anabranch.udf.message.type.HeaderSerializer;
import anabranch.udf.message.type.OrderSerializer;
import anabranch.udf.message.type.PublicationSerializer;
import anabranch.udf.message.type.RecordIdSerializer;
import anabranch.udf.message.type.SealedSerializer;
import anabranch.udf.message.type.SegmentPayloadSerializer;
import anabranch.udf.message.type.SegmentProgressSerializer;
import anabranch.udf.message.type.SegmentSumSerializer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.core.memory.DataOutputView;

/** One of each that has a serializer of its own, as large as it is in a round. */
public enum Message {
  RECORD(ConsumedRecordSerializer.INSTANCE, new ConsumedRecord(Samples.ID, new byte[8], large())),
  PAYLOAD_DENSE(SegmentPayloadSerializer.INSTANCE, payload("dense/f32")),
  PAYLOAD_STC(SegmentPayloadSerializer.INSTANCE, payload("rice-1%/affine-1")),
  MODEL(FloatArraySerializer.INSTANCE, new float[Encoding.LENGTH]),
  SUM(
      SegmentSumSerializer.INSTANCE,
      SegmentSum.zero(AggregationRule.WEIGHTED_MEAN, Encoding.LENGTH)),
  PUBLICATION(
      PublicationSerializer.INSTANCE,
      new Publication(Publication.Topic.MODEL, 0, new byte[8], large(), 4)),
  HEADER(HeaderSerializer.INSTANCE, Samples.HEADER),
  ORDER(
      OrderSerializer.INSTANCE,
      new Order.Fold(7, 11, Samples.ID, 600, -31, AggregationRule.WEIGHTED_MEAN)),
  SEALED(SealedSerializer.INSTANCE, new Sealed(3, 4, 5, Samples.DIGEST, 0.5, null)),
  DRAFT(DraftSerializer.INSTANCE, new Draft(Samples.ANNOUNCEMENT, null, List.of())),
  PROGRESS(SegmentProgressSerializer.INSTANCE, new SegmentProgress(5, 2, 1, 4096, 1234)),
  RECORD_ID(RecordIdSerializer.INSTANCE, Samples.ID);

  private final TypeSerializer<Object> serializer;
  private final Object message;

  @SuppressWarnings("unchecked")
  <T> Message(TypeSerializer<T> serializer, T message) {
    this.serializer = (TypeSerializer<Object>) serializer;
    this.message = message;
  }

  void write(DataOutputView out) throws IOException {
    serializer.serialize(message, out);
  }

  Object read(DataInputView in) throws IOException {
    return serializer.deserialize(in);
  }

  byte[] toBytes() throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(1024);
    write(out);
    return out.getCopyOfBuffer();
  }

  private static SegmentPayload payload(String encoding) {
    return new SegmentPayload(
        Samples.ID,
        Encoding.named(encoding).encode(new SegmentEncoder(), 0, Encoding.parameters()));
  }

  /** A segment as float32. */
  private static byte[] large() {
    return new byte[Encoding.LENGTH * Float.BYTES];
  }

  /** An enum's constants cannot use its own static fields. */
  private static final class Samples {

    static final RecordId ID = new RecordId(RecordId.Source.UPDATES, 3, 1_000_000);
    static final Digest DIGEST = Digest.ofContent(new byte[] {1, 2, 3}, 0, 3);

    static final Header HEADER =
        new Header.Update(
            ID,
            500_000,
            "client-17",
            -1,
            Long.MIN_VALUE,
            4,
            1,
            2,
            600,
            Map.of("loss", 0.5, "seconds", 12.0),
            new int[] {0, 1, 2},
            Reference.DELTA,
            new TransformCode.Plain(),
            500_000,
            500_000,
            new float[0],
            Bytes.of(new byte[64]));

    static final Announcement ANNOUNCEMENT =
        new Announcement(
            "bench",
            0,
            41,
            40,
            DIGEST,
            List.of(new BlockVersion(0, 17, 18, DIGEST, 1_700_000_000_000L)),
            Announcement.State.RUNNING,
            "",
            null,
            null);
  }
}

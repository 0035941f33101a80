// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.operator;

import anabranch.protocol.Bytes;
import anabranch.protocol.avro.Records;
import anabranch.protocol.codec.IndexCode;
import anabranch.protocol.codec.Reference;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.codec.ValueCode;
import anabranch.protocol.message.ModelSegment;
import anabranch.protocol.model.Digest;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Segment;
import anabranch.udf.message.ConsumedRecord;
import anabranch.udf.message.Header;
import anabranch.udf.message.SegmentPayload;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Reads the model topic at the start of a job without state. A segment goes the way of every other
 * payload: its header to the coordinator, itself to {@link ValidateUpdatesFunction#SEGMENTS}.
 */
public final class ValidateModelFunction extends ProcessFunction<ConsumedRecord, Header> {

  private final ModelManifest manifest;

  public ValidateModelFunction(ModelManifest manifest) {
    this.manifest = manifest;
  }

  @Override
  public void processElement(ConsumedRecord record, Context context, Collector<Header> out) {
    String key = new String(record.key(), StandardCharsets.UTF_8);
    if (key.equals(ModelManifest.KEY) || record.value() == null) {
      return;
    }
    ModelSegment read = Records.decodeModelSegment(record.value());
    Bytes values = read.values();
    List<Segment> segments = manifest.segments();
    if (read.segment() >= segments.size()
        || values.length() != Float.BYTES * segments.get(read.segment()).length()) {
      throw new IllegalStateException(
          "the model topic holds a segment %d of %d bytes that is not in the manifest: the topic"
                  .formatted(read.segment(), values.length())
              + " belongs to another model, initialise this federation under a new name");
    }
    context.output(
        ValidateUpdatesFunction.SEGMENTS,
        new SegmentPayload(
            record.id(),
            new SegmentUpdate(
                read.segment(),
                Reference.WEIGHTS,
                segments.get(read.segment()).length(),
                new IndexCode.Dense(),
                Bytes.EMPTY,
                new ValueCode.F32(),
                values)));
    out.collect(
        new Header.Loaded(
            record.id(),
            read.segment(),
            read.version(),
            Digest.ofContent(values.array(), values.offset(), values.length())));
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.operator;

import anabranch.protocol.avro.Records;
import anabranch.protocol.message.ModelDelta;
import anabranch.protocol.model.ModelManifest;
import anabranch.udf.message.ConsumedRecord;
import anabranch.udf.message.Header;
import anabranch.udf.message.SegmentPayload;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Reads the deltas topic at the start of a job without state. A change goes the way of every other
 * payload: its header to the coordinator, itself to {@link ValidateUpdatesFunction#SEGMENTS}.
 */
public final class ValidateDeltasFunction extends ProcessFunction<ConsumedRecord, Header> {

  private final ModelManifest manifest;

  public ValidateDeltasFunction(ModelManifest manifest) {
    this.manifest = manifest;
  }

  @Override
  public void processElement(ConsumedRecord record, Context context, Collector<Header> out) {
    if (record.value() == null) {
      return;
    }
    ModelDelta read = Records.decodeModelDelta(record.value());
    if (read.segment() < 0 || read.segment() >= manifest.segments().size()) {
      throw new IllegalStateException(
          "the deltas topic holds a change of segment %d, which is not in the manifest: the topic"
                  .formatted(read.segment())
              + " belongs to another model, initialise this federation under a new name");
    }
    context.output(
        ValidateUpdatesFunction.SEGMENTS, new SegmentPayload(record.id(), read.change()));
    out.collect(
        new Header.LoadedDelta(record.id(), read.segment(), read.version(), read.fromVersion()));
  }
}

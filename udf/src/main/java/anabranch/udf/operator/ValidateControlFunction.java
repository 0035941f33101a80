// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.operator;

import anabranch.protocol.Bytes;
import anabranch.protocol.avro.Records;
import anabranch.protocol.avro.UnreadableRecordException;
import anabranch.protocol.codec.MalformedUpdateException.Reason;
import anabranch.udf.message.ConsumedRecord;
import anabranch.udf.message.Header;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/** Reads what the job has decided about stages; one header for every record. It never throws. */
public final class ValidateControlFunction extends ProcessFunction<ConsumedRecord, Header> {

  @Override
  public void processElement(ConsumedRecord record, Context context, Collector<Header> out) {
    try {
      out.collect(new Header.Decided(record.id(), Records.decodeStageDecision(record.value())));
    } catch (UnreadableRecordException e) {
      out.collect(
          new Header.Unusable(
              record.id(),
              record.size(),
              Reason.UNREADABLE.name(),
              e.getMessage(),
              null,
              0,
              Bytes.EMPTY));
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.operator;

import anabranch.protocol.Bytes;
import anabranch.protocol.avro.Records;
import anabranch.protocol.codec.MalformedUpdateException;
import anabranch.protocol.codec.MalformedUpdateException.Reason;
import anabranch.protocol.message.ClientCheckIn;
import anabranch.udf.message.ConsumedRecord;
import anabranch.udf.message.Header;
import java.nio.charset.StandardCharsets;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/** Reads check-ins; one header for every record. It holds no state and never throws. */
public final class ValidateCheckInsFunction extends ProcessFunction<ConsumedRecord, Header> {

  @Override
  public void processElement(ConsumedRecord record, Context context, Collector<Header> out) {
    String key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
    if (record.value() == null) {
      out.collect(new Header.Gone(record.id(), key));
      return;
    }
    try {
      ClientCheckIn checkIn = Records.decodeClientCheckIn(record.value());
      if (!checkIn.clientId().equals(key)) {
        throw new MalformedUpdateException(
            Reason.UNREADABLE,
            "the record's key is '%s', the check-in is of '%s'".formatted(key, checkIn.clientId()));
      }
      out.collect(new Header.CheckIn(record.id(), checkIn));
    } catch (MalformedUpdateException e) {
      out.collect(
          new Header.Unusable(
              record.id(),
              record.size(),
              e.reason().name(),
              e.getMessage(),
              null,
              0,
              new Bytes(record.value(), 0, Math.min(64, record.value().length))));
    }
  }
}

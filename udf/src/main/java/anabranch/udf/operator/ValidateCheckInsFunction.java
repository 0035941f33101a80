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

  private static final int MAX_CLIENT_ID = 128;
  private static final int PREFIX_BYTES = 64;

  @Override
  public void processElement(ConsumedRecord record, Context context, Collector<Header> out) {
    try {
      String key = key(record);
      if (record.value() == null) {
        out.collect(new Header.Gone(record.id(), key));
        return;
      }
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
              prefix(record)));
    }
  }

  /** A key can be as long as a record; what is no client id goes no further. */
  private static String key(ConsumedRecord record) throws MalformedUpdateException {
    int length = record.key() == null ? 0 : record.key().length;
    if (length < 1 || length > MAX_CLIENT_ID) {
      throw new MalformedUpdateException(
          Reason.UNREADABLE,
          "the record's key has %d bytes, a client id has 1 to %d"
              .formatted(length, MAX_CLIENT_ID));
    }
    return new String(record.key(), StandardCharsets.UTF_8);
  }

  private static Bytes prefix(ConsumedRecord record) {
    byte[] value = record.value();
    return value == null ? Bytes.EMPTY : new Bytes(value, 0, Math.min(PREFIX_BYTES, value.length));
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.fuzz;

import anabranch.protocol.avro.Records;
import anabranch.protocol.codec.MalformedUpdateException.Reason;
import anabranch.protocol.message.ClientCheckIn;
import anabranch.udf.message.ConsumedRecord;
import anabranch.udf.message.Header;
import anabranch.udf.message.RecordId;
import anabranch.udf.operator.ValidateCheckInsFunction;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.util.Collector;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever lies on the clients topic. The first byte of an input is the length of the key. */
class CheckInFuzzTest {

  private static final RecordId ID = new RecordId(RecordId.Source.CLIENTS, 0, 1);
  private static final long FIXED_ALLOCATION = 16 << 10;
  private static final long ALLOCATION_PER_BYTE = 16;

  private final ValidateCheckInsFunction validate = new ValidateCheckInsFunction();
  private final Headers headers = new Headers();

  static Stream<byte[]> seeds() {
    return Stream.of(ClientCheckIn.Status.values())
        .map(status -> new ClientCheckIn("anna", 7, status, 600, 1L << 30, "sample 1"))
        .map(checkIn -> input("anna", Records.encode(checkIn)));
  }

  private static byte[] input(String key, byte[] value) {
    byte[] input = new byte[1 + key.length() + value.length];
    input[0] = (byte) key.length();
    System.arraycopy(key.getBytes(StandardCharsets.US_ASCII), 0, input, 1, key.length());
    System.arraycopy(value, 0, input, 1 + key.length(), value.length);
    return input;
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "")
  void givesOneHeader(byte[] input) throws Exception {
    int end = input.length == 0 ? 0 : 1 + Math.min(input[0] & 0xff, input.length - 1);
    byte[] key = Arrays.copyOfRange(input, Math.min(1, end), end);
    byte[] value = Arrays.copyOfRange(input, end, input.length);
    ConsumedRecord record = new ConsumedRecord(ID, key, value);

    AllocationLimit.demand(
        FIXED_ALLOCATION + ALLOCATION_PER_BYTE * input.length, () -> process(record));

    if (headers.received.size() != 1) {
      throw new AssertionError("there is not one header");
    }
    if (headers.received.get(0) instanceof Header.Unusable unusable) {
      Reason.valueOf(unusable.reason());
      return;
    }
    ClientCheckIn checkIn = ((Header.CheckIn) headers.received.get(0)).checkIn();
    if (!checkIn.equals(Records.decodeClientCheckIn(Records.encode(checkIn)))) {
      throw new AssertionError("encoded and decoded again it is another check-in");
    }
  }

  private void process(ConsumedRecord record) {
    headers.received.clear();
    validate.processElement(record, null, headers);
  }

  private static final class Headers implements Collector<Header> {

    private final List<Header> received = new ArrayList<>();

    @Override
    public void collect(Header header) {
      received.add(header);
    }

    @Override
    public void close() {}
  }
}

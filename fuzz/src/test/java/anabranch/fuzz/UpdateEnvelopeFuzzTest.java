// SPDX-License-Identifier: Apache-2.0
package anabranch.fuzz;

import anabranch.protocol.avro.Records;
import anabranch.protocol.codec.MalformedUpdateException;
import anabranch.protocol.message.ClientUpdate;
import anabranch.udf.aggregation.AggregationRule;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever lies on the updates topic. */
class UpdateEnvelopeFuzzTest {

  private final Envelope mean = new Envelope(AggregationRule.WEIGHTED_MEAN);
  private final Envelope countedMean = new Envelope(AggregationRule.COORDINATE_COUNT_MEAN);

  static Stream<byte[]> seeds() {
    return SampleUpdates.all().map(Records::encode);
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "")
  void isTakenWholeOrRefusedWithoutATrace(byte[] record) throws Exception {
    mean.receive(record);
    countedMean.receive(record);
    demandSameWhenEncoded(record);
  }

  private static void demandSameWhenEncoded(byte[] record) throws MalformedUpdateException {
    ClientUpdate update;
    try {
      update = Records.decodeClientUpdate(record);
    } catch (MalformedUpdateException e) {
      return;
    }
    ClientUpdate again = Records.decodeClientUpdate(Records.encode(update));
    if (!again.equals(update)) {
      throw new AssertionError("encoded and decoded again it is another update");
    }
  }
}

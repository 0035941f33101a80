// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import anabranch.protocol.Bytes;
import anabranch.protocol.avro.Records;
import anabranch.protocol.message.ModelSegment;
import anabranch.protocol.model.ModelManifest;
import anabranch.udf.message.ConsumedRecord;
import anabranch.udf.message.Header;
import anabranch.udf.message.RecordId;
import anabranch.udf.message.type.MessageType;
import anabranch.udf.testkit.Models;
import java.nio.charset.StandardCharsets;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ValidateModelFunctionTest {

  private OneInputStreamOperatorTestHarness<ConsumedRecord, Header> harness;

  @BeforeEach
  void open() throws Exception {
    harness = Harnesses.process(new ValidateModelFunction(Models.MANIFEST), MessageType.HEADER);
  }

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  @Test
  void segmentBecomesAPayloadAndAHeaderWithItsDigest() throws Exception {
    send("0/0/3", segment(0, Models.values(0, 7)));

    assertThat(harness.extractOutputValues()).containsExactly(Models.loaded(0, 7, 5));
    assertThat(harness.getSideOutput(ValidateUpdatesFunction.SEGMENTS).element().getValue())
        .isEqualTo(Models.payload(0, 7, 5));
  }

  @Test
  void manifestAndTombstonesAreLeftOut() throws Exception {
    send(ModelManifest.KEY, Records.encode(Models.MANIFEST));
    send("0/0/3", null);

    assertThat(harness.extractOutputValues()).isEmpty();
  }

  @Test
  void segmentOfAnotherModelStopsTheJob() {
    assertThatThrownBy(() -> send("0/0/3", segment(0, new float[5])))
        .hasStackTraceContaining("segment 0 of 20 bytes that is not in the manifest");
    assertThatThrownBy(() -> send("0/9/3", segment(9, new float[5])))
        .hasStackTraceContaining("belongs to another model");
  }

  private static byte[] segment(int index, float[] values) {
    return Records.encode(new ModelSegment(0, index, 7, Bytes.of(Models.bytes(values))));
  }

  private void send(String key, byte[] value) throws Exception {
    harness.processElement(
        new ConsumedRecord(
            new RecordId(RecordId.Source.MODEL, 0, 5), key.getBytes(StandardCharsets.UTF_8), value),
        0);
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import anabranch.protocol.avro.Records;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.message.ModelDelta;
import anabranch.udf.aggregation.DownlinkEncoder;
import anabranch.udf.message.ConsumedRecord;
import anabranch.udf.message.Header;
import anabranch.udf.message.RecordId;
import anabranch.udf.message.SegmentPayload;
import anabranch.udf.message.type.MessageType;
import anabranch.udf.testkit.Models;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ValidateDeltasFunctionTest {

  private static final RecordId ID = new RecordId(RecordId.Source.DELTAS, 0, 5);

  private OneInputStreamOperatorTestHarness<ConsumedRecord, Header> harness;

  @BeforeEach
  void open() throws Exception {
    harness = Harnesses.process(new ValidateDeltasFunction(Models.MANIFEST), MessageType.HEADER);
  }

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  @Test
  void changeBecomesAPayloadAndAHeaderWithTheVersionsThatItLeadsFromAndTo() throws Exception {
    SegmentUpdate change = DownlinkEncoder.values(4, new float[] {1, 2}).update();
    send(new ModelDelta(2, 7, 5, change));

    assertThat(harness.extractOutputValues()).containsExactly(new Header.LoadedDelta(ID, 4, 7, 5));
    assertThat(harness.getSideOutput(ValidateUpdatesFunction.SEGMENTS).element().getValue())
        .isEqualTo(new SegmentPayload(ID, change));
  }

  @Test
  void changeOfAnotherModelStopsTheJob() {
    SegmentUpdate change = DownlinkEncoder.values(5, new float[] {1}).update();

    assertThatThrownBy(() -> send(new ModelDelta(3, 7, 5, change)))
        .hasStackTraceContaining("a change of segment 5, which is not in the manifest")
        .hasStackTraceContaining("belongs to another model");
  }

  private void send(ModelDelta delta) throws Exception {
    harness.processElement(new ConsumedRecord(ID, null, Records.encode(delta)), 0);
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.operator;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.protocol.avro.Records;
import anabranch.protocol.message.StageDecision;
import anabranch.protocol.message.StageMovement;
import anabranch.udf.message.ConsumedRecord;
import anabranch.udf.message.Header;
import anabranch.udf.message.RecordId;
import anabranch.udf.message.type.MessageType;
import java.util.Arrays;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ValidateControlFunctionTest {

  private static final RecordId ID = new RecordId(RecordId.Source.CONTROL, 0, 5);
  private static final StageDecision DECISION =
      new StageDecision("test", 1, 7, 5, 2, new StageMovement(0.5, -0.1, true));

  private OneInputStreamOperatorTestHarness<ConsumedRecord, Header> harness;

  @BeforeEach
  void open() throws Exception {
    harness = Harnesses.process(new ValidateControlFunction(), MessageType.HEADER);
  }

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  @Test
  void decisionBecomesAHeader() throws Exception {
    assertThat(header(Records.encode(DECISION))).isEqualTo(new Header.Decided(ID, DECISION));
  }

  @Test
  void whatIsNoDecisionIsRefusedAndDoesNoHarm() throws Exception {
    byte[] record = Records.encode(DECISION);
    for (byte[] garbage : new byte[][] {null, {}, {1, 2}, Arrays.copyOf(record, 20)}) {
      assertThat(header(garbage))
          .isInstanceOfSatisfying(
              Header.Unusable.class,
              unusable -> assertThat(unusable.reason()).isEqualTo("UNREADABLE"));
    }
  }

  private Header header(byte[] value) throws Exception {
    harness.processElement(new ConsumedRecord(ID, null, value), 0);
    Header header = harness.extractOutputValues().get(0);
    harness.getOutput().clear();
    return header;
  }
}

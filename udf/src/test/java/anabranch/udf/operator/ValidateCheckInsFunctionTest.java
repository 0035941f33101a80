// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.operator;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.protocol.avro.Records;
import anabranch.protocol.message.ClientCheckIn;
import anabranch.udf.message.ConsumedRecord;
import anabranch.udf.message.Header;
import anabranch.udf.message.RecordId;
import anabranch.udf.message.type.MessageType;
import anabranch.udf.testkit.UpdateBuilder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ValidateCheckInsFunctionTest {

  private static final ClientCheckIn ANNA = UpdateBuilder.checkIn("anna", 12);

  private OneInputStreamOperatorTestHarness<ConsumedRecord, Header> harness;

  @BeforeEach
  void open() throws Exception {
    harness = Harnesses.process(new ValidateCheckInsFunction(), MessageType.HEADER);
  }

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  @Test
  void checkInUnderItsOwnKeyIsPassedOn() throws Exception {
    Header header = send(bytes("anna"), Records.encode(ANNA));

    assertThat(((Header.CheckIn) header).checkIn()).isEqualTo(ANNA);
  }

  @Test
  void tombstoneSaysThatTheClientIsGone() throws Exception {
    Header header = send(bytes("anna"), null);

    assertThat(((Header.Gone) header).clientId()).isEqualTo("anna");
  }

  @Test
  void checkInUnderAnotherKeyIsRefused() throws Exception {
    Header header = send(bytes("bert"), Records.encode(ANNA));

    assertThat(((Header.Unusable) header).detail())
        .isEqualTo("the record's key is 'bert', the check-in is of 'anna'");
  }

  @Test
  void recordWithoutKeyIsRefused() throws Exception {
    assertThat(send(null, Records.encode(ANNA))).isInstanceOf(Header.Unusable.class);
    assertThat(send(null, null)).isInstanceOf(Header.Unusable.class);
  }

  @Test
  void garbageIsRefused() throws Exception {
    assertThat(send(bytes("anna"), new byte[200])).isInstanceOf(Header.Unusable.class);
  }

  /** A header's text fields hold less than 64 KiB, a record's key can be longer. */
  @Test
  void keyThatIsNoClientIdGoesNoFurther() throws Exception {
    byte[] key = new byte[70_000];

    assertThat(((Header.Unusable) send(key, null)).detail())
        .isEqualTo("the record's key has 70000 bytes, a client id has 1 to 128");
    assertThat(((Header.Unusable) send(key, Records.encode(ANNA))).detail()).hasSizeLessThan(100);
  }

  private Header send(byte[] key, byte[] value) throws Exception {
    harness.getOutput().clear();
    harness.processElement(
        new ConsumedRecord(new RecordId(RecordId.Source.CLIENTS, 2, 7), key, value), 0);
    List<Header> headers = harness.extractOutputValues();
    assertThat(headers).hasSize(1);
    assertThat(headers.get(0).id()).isEqualTo(new RecordId(RecordId.Source.CLIENTS, 2, 7));
    return headers.get(0);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.avro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import anabranch.protocol.Bytes;
import anabranch.protocol.codec.IndexCode;
import anabranch.protocol.codec.MalformedUpdateException;
import anabranch.protocol.codec.Reference;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.codec.ValueCode;
import anabranch.protocol.message.ClientUpdate;
import anabranch.protocol.message.ModelSegment;
import anabranch.protocol.message.RejectedRecord;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.junit.jupiter.api.Test;

class RecordsTest {

  @Test
  void everyRecordComesBackEqual() throws MalformedUpdateException {
    assertThat(Records.decodeClientCheckIn(Records.encode(SampleRecords.CHECK_IN)))
        .isEqualTo(SampleRecords.CHECK_IN);
    assertThat(Records.decodeClientUpdate(Records.encode(SampleRecords.UPDATE)))
        .isEqualTo(SampleRecords.UPDATE);
    assertThat(Records.decodeAnnouncement(Records.encode(SampleRecords.ANNOUNCEMENT)))
        .isEqualTo(SampleRecords.ANNOUNCEMENT);
    assertThat(Records.decodeModelManifest(Records.encode(SampleRecords.MANIFEST)))
        .isEqualTo(SampleRecords.MANIFEST);
    assertThat(Records.decodeModelSegment(Records.encode(SampleRecords.MODEL_SEGMENT)))
        .isEqualTo(SampleRecords.MODEL_SEGMENT);
    assertThat(Records.decodeModelDelta(Records.encode(SampleRecords.MODEL_DELTA)))
        .isEqualTo(SampleRecords.MODEL_DELTA);
    assertThat(Records.decodeRoundReport(Records.encode(SampleRecords.REPORT)))
        .isEqualTo(SampleRecords.REPORT);
    assertThat(Records.decodeRejectedRecord(Records.encode(SampleRecords.REJECTED)))
        .isEqualTo(SampleRecords.REJECTED);
    assertThat(Records.decodeStageDecision(Records.encode(SampleRecords.DECISION)))
        .isEqualTo(SampleRecords.DECISION);
  }

  @Test
  void whatMayBeAbsentComesBackAbsent() throws MalformedUpdateException {
    for (var announcement :
        List.of(
            SampleRecords.announcement(null, null),
            SampleRecords.announcement(SampleRecords.PLAN, null),
            SampleRecords.announcement(null, SampleRecords.RECEIPTS))) {
      assertThat(Records.decodeAnnouncement(Records.encode(announcement))).isEqualTo(announcement);
    }
    ClientUpdate plain = SampleRecords.UPDATE;
    for (ClientUpdate update :
        List.of(signed(plain, "key-1", null), signed(plain, "key-1", SampleRecords.bytes(1, 2)))) {
      assertThat(Records.decodeClientUpdate(Records.encode(update))).isEqualTo(update);
    }
    RejectedRecord unknown =
        new RejectedRecord("UNREADABLE", "", "demo.updates", 0, 0, null, 0, Bytes.EMPTY);
    assertThat(Records.decodeRejectedRecord(Records.encode(unknown))).isEqualTo(unknown);
  }

  @Test
  void anUpdateIsReadWhereItLiesAndItsPayloadIsNotCopied() throws MalformedUpdateException {
    byte[] record = Records.encode(SampleRecords.UPDATE);
    byte[] larger = new byte[record.length + 100];
    System.arraycopy(record, 0, larger, 40, record.length);

    ClientUpdate update = Records.decodeClientUpdate(larger, 40, record.length);

    assertThat(update).isEqualTo(SampleRecords.UPDATE);
    assertThat(update.segments())
        .allSatisfy(segment -> assertThat(segment.values().array()).isSameAs(larger));
  }

  @Test
  void equalRecordsGiveEqualBytesWhateverTheOrderOfTheirMaps() {
    Map<String, Double> rising = new LinkedHashMap<>();
    Map<String, Double> falling = new LinkedHashMap<>();
    for (int i = 0; i < 20; i++) {
      rising.put("m" + i, (double) i);
      falling.put("m" + (19 - i), (double) (19 - i));
    }
    assertThat(Records.encode(SampleRecords.update(0, 1, rising, SampleRecords.SEGMENTS)))
        .isEqualTo(Records.encode(SampleRecords.update(0, 1, falling, SampleRecords.SEGMENTS)));
  }

  @Test
  void avrosOwnCodeReadsAndWritesTheSameBytes() throws IOException {
    byte[] ours = Records.encode(SampleRecords.UPDATE);
    Schema schema = Records.UPDATE.schema();

    GenericRecord read =
        new BinaryMessageDecoder<GenericRecord>(new GenericData(), schema).decode(ours);
    var theirs = new BinaryMessageEncoder<GenericRecord>(new GenericData(), schema).encode(read);

    assertThat(read.get("clientId")).hasToString("anna");
    // Their map is in another order, so only the length can be compared.
    assertThat(theirs.remaining()).isEqualTo(ours.length);
    assertThat(Arrays.copyOf(theirs.array(), RecordFormat.HEADER_BYTES))
        .isEqualTo(Arrays.copyOf(ours, RecordFormat.HEADER_BYTES));
  }

  @Test
  void aSegmentUpdateTakesThirteenBytesBesideItsPayload() {
    SegmentUpdate dense =
        new SegmentUpdate(
            5,
            Reference.DELTA,
            131_072,
            new IndexCode.Dense(),
            Bytes.EMPTY,
            new ValueCode.F32(),
            Bytes.of(new byte[524_288]));
    long one = Records.UPDATE.size(SampleRecords.update(0, 1, Map.of(), List.of(dense)));
    long none = Records.UPDATE.size(SampleRecords.update(0, 1, Map.of(), List.of()));
    assertThat(one - none - 524_288).isEqualTo(13 + 1);
  }

  @Test
  void aRecordBeyondTheLimitIsNeitherWrittenNorRead() {
    ModelSegment large = new ModelSegment(0, 0, 0, Bytes.of(new byte[Records.MAX_BYTES]));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Records.encode(large))
        .withMessageContaining("ModelSegment of 900016 bytes")
        .withMessageContaining("900000");
    assertThatThrownBy(() -> Records.decodeClientUpdate(new byte[Records.MAX_BYTES + 1]))
        .isInstanceOf(MalformedUpdateException.class)
        .hasMessageContaining("900001 bytes");
  }

  @Test
  void theWireOfASmallUpdateIsPinned() {
    ClientUpdate update =
        SampleRecords.update(0, 1, Map.of("loss", 0.5), List.of(SampleRecords.RICE));
    assertThat(HexFormat.of().formatHex(Records.encode(update)))
        .isEqualTo(
            "c30194d6d5b33a99b90d" // mark and fingerprint
                + "08616e6e61" // anna
                + "0109020002b009" // session, plan, round, part, parts, samples
                + "02086c6f7373000000000000e03f00" // metrics
                + "0206020806020464e70602000080bf000000400209000200" // segments
                + "0000"); // neither key nor signature
  }

  private static ClientUpdate signed(ClientUpdate update, String keyId, Bytes signature) {
    return new ClientUpdate(
        update.clientId(),
        update.session(),
        update.planId(),
        update.round(),
        update.part(),
        update.parts(),
        update.samples(),
        update.metrics(),
        update.segments(),
        keyId,
        signature);
  }
}

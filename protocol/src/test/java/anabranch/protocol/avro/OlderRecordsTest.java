// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.avro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import anabranch.protocol.codec.MalformedUpdateException;
import anabranch.protocol.codec.Reference;
import anabranch.protocol.message.ClientUpdate;
import anabranch.protocol.model.ModelManifest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.junit.jupiter.api.Test;

/** Records that were written before a schema changed. */
class OlderRecordsTest {

  private static final Schema OLDER = SchemaStore.listed("evolution/").get(0);

  @Test
  void aRecordWithAnOlderFingerprintDecodes() throws IOException {
    Schema current = Records.UPDATE.schema();
    RecordFormat<ClientUpdate> format =
        new RecordFormat<>(ClientUpdate.class, new SchemaStore(List.of(current), List.of(OLDER)));

    ClientUpdate update = format.decode(olderRecord());

    assertThat(update.clientId()).isEqualTo("anna");
    assertThat(update.samples()).isEqualTo(600);
    assertThat(update.metrics()).isEmpty();
    assertThat(update.keyId()).isNull();
    assertThat(update.signature()).isNull();
    assertThat(update.segments()).hasSize(1);
    assertThat(update.segments().get(0).reference()).isEqualTo(Reference.WEIGHTS);
    assertThat(update.segments().get(0).values()).isEqualTo(SampleRecords.bytes(1, 2, 3, 4));
  }

  @Test
  void aManifestFromBeforeStagesHasNone() throws IOException {
    Schema before =
        SchemaStore.load().all().stream()
            .filter(schema -> schema.getName().equals("ModelManifest"))
            .filter(schema -> schema.getField("stages") == null)
            .findFirst()
            .orElseThrow();
    var reader = new BinaryMessageDecoder<GenericRecord>(new GenericData(), before);
    reader.addSchema(Records.MANIFEST.schema());
    GenericRecord read = reader.decode(Records.encode(SampleRecords.MANIFEST));
    ByteBuffer written =
        new BinaryMessageEncoder<GenericRecord>(new GenericData(), before).encode(read);

    ModelManifest manifest = Records.decodeModelManifest(written.array());

    assertThat(manifest.stages()).isEmpty();
    assertThat(manifest.blocks()).isEqualTo(SampleRecords.MANIFEST.blocks());
    assertThat(manifest.segments()).isEqualTo(SampleRecords.MANIFEST.segments());
  }

  @Test
  void aRecordWithAFingerprintThatNobodyKnowsIsRefused() throws IOException {
    byte[] record = olderRecord();
    assertThatThrownBy(() -> Records.decodeClientUpdate(record))
        .isInstanceOf(MalformedUpdateException.class)
        .hasMessageContaining("%016x is of no known schema", SchemaStore.fingerprint(OLDER));
  }

  private static byte[] olderRecord() throws IOException {
    GenericData data = new GenericData();
    Schema segmentSchema = OLDER.getField("segments").schema().getElementType();
    GenericRecord segment = new GenericData.Record(segmentSchema);
    segment.put("segment", 3);
    segment.put(
        "reference",
        new GenericData.EnumSymbol(segmentSchema.getField("reference").schema(), "WEIGHTS"));
    segment.put("count", 1);
    segment.put("indexCode", branch(segmentSchema, "indexCode"));
    segment.put("index", ByteBuffer.allocate(0));
    segment.put("valueCode", branch(segmentSchema, "valueCode"));
    segment.put("values", ByteBuffer.wrap(new byte[] {1, 2, 3, 4}));
    GenericRecord update = new GenericData.Record(OLDER);
    update.put("clientId", "anna");
    update.put("labels", List.of(Map.of("site", "north"), Map.of()));
    update.put("session", 5L);
    update.put("planId", 6L);
    update.put(
        "nonce", new GenericData.Fixed(OLDER.getField("nonce").schema(), new byte[] {1, 2, 3, 4}));
    update.put("round", 7L);
    update.put("part", 0);
    update.put("parts", 1);
    update.put("samples", 600);
    update.put("segments", List.of(segment));
    ByteBuffer record = new BinaryMessageEncoder<GenericRecord>(data, OLDER).encode(update);
    return Arrays.copyOfRange(record.array(), record.position(), record.limit());
  }

  private static GenericRecord branch(Schema segment, String field) {
    return new GenericData.Record(segment.getField(field).schema().getTypes().get(0));
  }
}

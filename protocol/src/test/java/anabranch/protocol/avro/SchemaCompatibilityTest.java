// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.avro;

import static org.apache.avro.SchemaCompatibility.SchemaCompatibilityType.COMPATIBLE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * The first version of every schema lies in the test resources and stays as it is. A change that
 * fails here locks out clients in the field, or records on the topics.
 */
class SchemaCompatibilityTest {

  static final List<String> RECORDS =
      List.of(
          "ClientCheckIn",
          "ClientUpdate",
          "Announcement",
          "ModelManifest",
          "ModelSegment",
          "ModelDelta",
          "RoundReport",
          "RejectedRecord",
          "StageDecision");

  private static final SchemaStore STORE = SchemaStore.load();

  @ParameterizedTest
  @FieldSource("RECORDS")
  void everyVersionReadsAndIsReadByTheCurrentOne(String record) {
    Schema current = STORE.current(record);
    List<Schema> versions = new ArrayList<>(SchemaStore.listed("first/"));
    versions.addAll(STORE.all());

    assertThat(versions.stream().filter(v -> v.getName().equals(record)))
        .isNotEmpty()
        .allSatisfy(
            version -> {
              assertThat(reads(current, version)).as("backward, " + version).isTrue();
              assertThat(reads(version, current)).as("forward, " + version).isTrue();
            });
  }

  @Test
  void anIncompatibleChangeIsDetected() {
    String first = STORE.current("ModelSegment").toString();
    Schema base = SchemaStore.parse(first);
    Schema fieldWithoutDefault =
        SchemaStore.parse(
            first.replace("\"fields\":[", "\"fields\":[{\"name\":\"scale\",\"type\":\"double\"},"));
    Schema otherType =
        SchemaStore.parse(
            first.replace(
                "\"name\":\"version\",\"type\":\"long\"",
                "\"name\":\"version\",\"type\":\"string\""));
    Schema renamedField = SchemaStore.parse(first.replace("\"version\"", "\"edition\""));

    assertThat(Stream.of(fieldWithoutDefault, otherType, renamedField))
        .allSatisfy(changed -> assertThat(changed).isNotEqualTo(base));
    assertThat(reads(fieldWithoutDefault, base)).as("backward").isFalse();
    assertThat(reads(base, fieldWithoutDefault)).as("forward").isTrue();
    assertThat(reads(otherType, base)).isFalse();
    assertThat(reads(renamedField, base)).isFalse();
    assertThat(reads(base, renamedField)).isFalse();
  }

  @Test
  void anEnumMayGrow() {
    String json = STORE.current("ClientCheckIn").toString();
    Schema grown = SchemaStore.parse(json.replace("\"LEAVING\"]", "\"LEAVING\",\"DRAINING\"]"));

    assertThat(grown.toString()).contains("DRAINING");
    assertThat(reads(STORE.current("ClientCheckIn"), grown)).isTrue();
  }

  @Test
  void typesOfOneNameAreTheSameInEveryFile() {
    assertThat(named("Reference", STORE.current("ClientUpdate")))
        .isEqualTo(named("Reference", STORE.current("Announcement")));
    assertThat(named("SegmentUpdate", STORE.current("ClientUpdate")))
        .isEqualTo(named("SegmentUpdate", STORE.current("ModelDelta")));
    assertThat(named("StageMovement", STORE.current("RoundReport")))
        .isEqualTo(named("StageMovement", STORE.current("StageDecision")));
    assertThat(named("RoundOutcome", STORE.current("RoundReport")))
        .isEqualTo(named("RoundOutcome", STORE.current("Announcement")));
  }

  @Test
  void everyFieldIsDocumented() {
    for (String record : RECORDS) {
      types(STORE.current(record), new ArrayList<>()).stream()
          .filter(type -> type.getType() == Schema.Type.RECORD)
          .forEach(
              type -> {
                assertThat(type.getDoc()).as(type.getName()).isNotBlank();
                assertThat(type.getFields())
                    .allSatisfy(f -> assertThat(f.doc()).as(type + "." + f).isNotBlank());
              });
    }
  }

  /** The bounded decoder counts on it: a block of items is never longer in items than in bytes. */
  @Test
  void noArrayHasItemsWithoutBytes() {
    for (Schema schema : STORE.all()) {
      types(schema, new ArrayList<>()).stream()
          .filter(type -> type.getType() == Schema.Type.ARRAY)
          .map(Schema::getElementType)
          .forEach(
              item ->
                  assertThat(
                          item.getType() != Schema.Type.NULL
                              && (item.getType() != Schema.Type.RECORD
                                  || !item.getFields().isEmpty()))
                      .as("items of " + item)
                      .isTrue());
    }
  }

  private static boolean reads(Schema reader, Schema writer) {
    return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer).getType()
        == COMPATIBLE;
  }

  private static Schema named(String name, Schema within) {
    return types(within, new ArrayList<>()).stream()
        .filter(type -> type.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static List<Schema> types(Schema schema, List<Schema> found) {
    if (found.contains(schema)) {
      return found;
    }
    found.add(schema);
    switch (schema.getType()) {
      case RECORD -> schema.getFields().forEach(field -> types(field.schema(), found));
      case UNION -> schema.getTypes().forEach(branch -> types(branch, found));
      case ARRAY -> types(schema.getElementType(), found);
      case MAP -> types(schema.getValueType(), found);
      default -> {}
    }
    return found;
  }
}

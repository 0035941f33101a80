// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.avro;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;

/**
 * The schemas that this program knows: the current one of every record, and those that were current
 * before, so that what was written with them still decodes.
 */
final class SchemaStore {

  private static final List<String> RECORDS =
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

  private final Map<String, Schema> current = new HashMap<>();
  private final Map<Long, Schema> byFingerprint = new HashMap<>();

  SchemaStore(List<Schema> current, List<Schema> older) {
    for (Schema schema : older) {
      byFingerprint.put(fingerprint(schema), schema);
    }
    // Last, so that a schema that only differs in its documentation is read as the current one.
    for (Schema schema : current) {
      this.current.put(schema.getName(), schema);
      byFingerprint.put(fingerprint(schema), schema);
    }
  }

  /** The schemas on the class path: the current ones, and the older ones. */
  static SchemaStore load() {
    return new SchemaStore(
        RECORDS.stream().map(name -> parse(resource(name + ".avsc"))).toList(), listed("older/"));
  }

  /** The schemas in a folder beside this class, as the folder's index lists them. */
  static List<Schema> listed(String folder) {
    return resource(folder + "index")
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
        .map(file -> parse(resource(folder + file)))
        .toList();
  }

  static Schema parse(String json) {
    return new Schema.Parser().parse(json);
  }

  /** CRC-64-AVRO of the schema's parsing canonical form. */
  static long fingerprint(Schema schema) {
    return SchemaNormalization.parsingFingerprint64(schema);
  }

  /**
   * @throws IllegalArgumentException if there is no such record
   */
  Schema current(String record) {
    Schema schema = current.get(record);
    if (schema == null) {
      throw new IllegalArgumentException("there is no schema of " + record);
    }
    return schema;
  }

  /** The schema with this fingerprint, or null when it is not known. */
  Schema written(long fingerprint) {
    return byFingerprint.get(fingerprint);
  }

  /** All schemas, current and older. */
  List<Schema> all() {
    return List.copyOf(byFingerprint.values());
  }

  private static String resource(String name) {
    try (InputStream in = SchemaStore.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(
            "schema file %s is not on the class path beside %s"
                .formatted(name, SchemaStore.class.getName()));
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

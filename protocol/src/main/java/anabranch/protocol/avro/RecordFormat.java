// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.avro;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.Encoder;

/**
 * One type of record in single-object encoding, see the Avro specification, "Single-object
 * encoding".
 *
 * @param <T> the record
 */
final class RecordFormat<T> {

  static final int HEADER_BYTES = 10;

  /** Without Avro's fast reader: the plain one asks the decoder how many bytes are left. */
  private static final GenericData DATA = new GenericData().setFastReaderEnabled(false);

  private static final byte[] MARKER = {(byte) 0xC3, 0x01};

  private final Class<T> type;
  private final SchemaStore schemas;
  private final Schema schema;
  private final long fingerprint;
  private final Binding binding;
  private final GenericDatumWriter<Object> writer;
  private final Map<Long, GenericDatumReader<Object>> readers = new HashMap<>();

  RecordFormat(Class<T> type, SchemaStore schemas) {
    this.type = type;
    this.schemas = schemas;
    this.schema = schemas.current(type.getSimpleName());
    this.fingerprint = SchemaStore.fingerprint(schema);
    this.binding = Binding.of(type, schema);
    this.writer = new GenericDatumWriter<>(schema);
    for (Schema written : schemas.all()) {
      if (written.getFullName().equals(schema.getFullName())) {
        readers.put(
            SchemaStore.fingerprint(written), new GenericDatumReader<>(written, schema, DATA));
      }
    }
  }

  Schema schema() {
    return schema;
  }

  byte[] encode(T record) {
    Object datum = binding.toAvro().apply(record);
    long size = HEADER_BYTES + count(writer, datum);
    if (size > Records.MAX_BYTES) {
      throw new IllegalArgumentException(
          "a %s of %d bytes is larger than the %d that a record may have"
              .formatted(type.getSimpleName(), size, Records.MAX_BYTES));
    }
    byte[] bytes = new byte[(int) size];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).put(MARKER).putLong(fingerprint);
    write(writer, datum, new ArrayEncoder(bytes, HEADER_BYTES));
    return bytes;
  }

  /** Bytes that the record takes, header included, of whatever size. */
  long size(T record) {
    return HEADER_BYTES + count(writer, binding.toAvro().apply(record));
  }

  T decode(byte[] bytes) {
    return decode(bytes, 0, bytes == null ? 0 : bytes.length, Integer.MAX_VALUE);
  }

  /**
   * @param mostItems items that the record's arrays and maps may hold, all together
   * @throws UnreadableRecordException for whatever is not a record of this type
   */
  T decode(byte[] bytes, int offset, int length, int mostItems) {
    if (bytes == null) {
      throw new UnreadableRecordException("there are no bytes: a tombstone");
    }
    Objects.checkFromIndexSize(offset, length, bytes.length);
    GenericDatumReader<Object> reader = readerFor(bytes, offset, length);
    BoundedDecoder body = new BoundedDecoder(bytes, offset, length, HEADER_BYTES, mostItems);
    try {
      Object datum = reader.read(null, body);
      body.expectEnd();
      return type.cast(binding.fromAvro().apply(datum));
    } catch (UnreadableRecordException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // Avro answers an index beyond a union or an enum with whatever its parser runs into.
      throw new UnreadableRecordException(
          "no %s: %s before byte %d of %d"
              .formatted(type.getSimpleName(), e, body.position(), length));
    }
  }

  private GenericDatumReader<Object> readerFor(byte[] bytes, int offset, int length) {
    if (length > Records.MAX_BYTES) {
      throw new UnreadableRecordException(
          "%d bytes are more than the %d that a record may have"
              .formatted(length, Records.MAX_BYTES));
    }
    if (length < HEADER_BYTES) {
      throw new UnreadableRecordException(
          "%d bytes are less than the %d of the header".formatted(length, HEADER_BYTES));
    }
    if (bytes[offset] != MARKER[0] || bytes[offset + 1] != MARKER[1]) {
      throw new UnreadableRecordException(
          "the record starts with %02x %02x instead of c3 01, the mark of Avro's single-object encoding"
              .formatted(bytes[offset], bytes[offset + 1]));
    }
    long found =
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(offset + MARKER.length);
    GenericDatumReader<Object> reader = readers.get(found);
    if (reader == null) {
      Schema written = schemas.written(found);
      throw new UnreadableRecordException(
          "fingerprint %016x is of %s, expected is a schema of %s, now %016x"
              .formatted(
                  found,
                  written == null ? "no known schema" : "a " + written.getName(),
                  type.getSimpleName(),
                  fingerprint));
    }
    return reader;
  }

  private static long count(GenericDatumWriter<Object> writer, Object datum) {
    CountingEncoder counter = new CountingEncoder();
    write(writer, datum, counter);
    return counter.size();
  }

  private static void write(GenericDatumWriter<Object> writer, Object datum, Encoder encoder) {
    try {
      writer.write(datum, encoder);
    } catch (IOException e) {
      throw new UncheckedIOException("neither encoder does any input or output", e);
    }
  }
}

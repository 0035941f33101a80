// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.message.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import anabranch.protocol.Bytes;
import anabranch.udf.message.RecordId;
import anabranch.udf.testkit.Models;
import java.io.IOException;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * State lies in savepoints for years. What was written once in format 0 must stay readable: a test
 * that fails here asks for a new format number and a reader of both, not for other bytes.
 */
class FormatTest {

  private static final String ID = "00 00000003 0102030405060708";

  static Stream<Arguments> formatZero() {
    return Stream.of(
        format(
            "fold",
            OrderSerializer.INSTANCE,
            Messages.ORDERS[0],
            "00 00 00000007 000000000000000b" + ID + "0000000000000258 ffffffe1 00"),
        format(
            "drop",
            OrderSerializer.INSTANCE,
            Messages.ORDERS[2],
            "00 01 00000000 0000000000000000" + ID),
        format(
            "load",
            OrderSerializer.INSTANCE,
            Messages.ORDERS[3],
            "00 02 00000001 0000000000000002 02 00000000 0000000000000005 0000000000000003"),
        format(
            "close",
            OrderSerializer.INSTANCE,
            Messages.ORDERS[4],
            "00 03 00000004 0000000000000005 0000000000000006 0000000000000007 ffffffe1 01"
                + "3fe0000000000000 0000018bcfe56800"),
        format(
            "discard",
            OrderSerializer.INSTANCE,
            Messages.ORDERS[5],
            "00 04 00000001 7fffffffffffffff"),
        format(
            "republish",
            OrderSerializer.INSTANCE,
            Messages.ORDERS[6],
            "00 05 00000001 0000000000000002 0000000000000003 0000000000000004 0000000000000005"),
        format(
            "payload, Rice and affine",
            SegmentPayloadSerializer.INSTANCE,
            Messages.PAYLOADS[0],
            "00"
                + ID
                + "00000003 00 00000004 03 00000001 00000002 64e7"
                + "03 00000001 bf800000 40000000 00000001 09"),
        format(
            "payload, seeded and f32",
            SegmentPayloadSerializer.INSTANCE,
            Messages.PAYLOADS[4],
            "00"
                + ID
                + "00000003 00 00000004 04 8000000000000000 3fd0000000000000 00000002 64e7"
                + "00 00000001 09"),
        format(
            "payload, dense",
            SegmentPayloadSerializer.INSTANCE,
            Messages.PAYLOADS[5],
            "00" + ID + "0001ffff 01 00000000 00 00000000 00 00000002 0102"),
        format(
            "progress",
            SegmentProgressSerializer.INSTANCE,
            Messages.PROGRESS[1],
            "00 0000000000000005 00000002 00000001 0000000000001000 00000000000004d2"),
        format("record id", RecordIdSerializer.INSTANCE, Messages.ID, "00" + ID),
        format(
            "sealed",
            SealedSerializer.INSTANCE,
            Messages.SEALED[0],
            "00 00000003 0000000000000004 0000000000000005"
                + Models.manifestDigest().toHex()
                + "3fe0000000000000"),
        format(
            "digest",
            DigestSerializer.INSTANCE,
            Models.manifestDigest(),
            "00" + Models.manifestDigest().toHex()),
        format(
            "model",
            FloatArraySerializer.INSTANCE,
            new float[] {1, -2},
            "00 00000002 0000803f 000000c0"),
        format(
            "sum with presence",
            SegmentSumSerializer.INSTANCE,
            Messages.SUMS[1],
            "00 01 00000002 0100000000000000 0200000000000000"
                + "00000002 0300000000000000 0000000000000000"));
  }

  /** What was written once in format 1. */
  static Stream<Arguments> formatOne() {
    return Stream.of(
        format(
            "fold",
            OrderSerializer.INSTANCE,
            Messages.ORDERS[0],
            "01 00 00000007 000000000000000b" + ID + "0000000000000258 ffffffe1 00"),
        format(
            "close, low rank",
            OrderSerializer.INSTANCE,
            Messages.ORDERS[7],
            "01 03 00000004 0000000000000005 0000000000000006 0000000000000007 ffffffe1 00"
                + "02 fffffffffffffff7 00000008 3fe0000000000000 0000000000000001"));
  }

  /** What was written once in format 2. */
  static Stream<Arguments> formatTwo() {
    return Stream.of(
        format(
            "close, published whole",
            OrderSerializer.INSTANCE,
            Messages.ORDERS[7],
            "02 03 00000004 0000000000000005 0000000000000006 0000000000000007 ffffffe1 00"
                + "02 fffffffffffffff7 00000008 3fe0000000000000 0000000000000001 00"),
        format(
            "close, travels as a change",
            OrderSerializer.INSTANCE,
            Messages.ORDERS[8],
            "02 03 00000004 0000000000000005 0000000000000006 0000000000000007 ffffffe1 00"
                + "00 3fe0000000000000 0000000000000001 01"
                + "0005 746f702d6b 00 00 00000000 00 05 00 3fd0000000000000 00000001 00 00"
                + "01 00000010 00 00 00 0000000000000003 01"),
        format(
            "apply",
            OrderSerializer.INSTANCE,
            Messages.ORDERS[9],
            "02 06 00000001 0000000000000002 03 00000000 0000000000000005 0000000000000003"));
  }

  /** What is written now, where that is no longer format 0. */
  static Stream<Arguments> newestFormat() {
    return Stream.of(
        format(
            "fold",
            OrderSerializer.INSTANCE,
            Messages.ORDERS[0],
            "03 00 00000007 000000000000000b" + ID + "0000000000000258 ffffffe1 00"),
        format(
            "close, published whole",
            OrderSerializer.INSTANCE,
            Messages.ORDERS[7],
            "03 03 00000004 0000000000000005 0000000000000006 0000000000000007 ffffffe1 00"
                + "02 fffffffffffffff7 00000008 3fe0000000000000 0000000000000001 00 00"),
        format(
            "close, travels as a change",
            OrderSerializer.INSTANCE,
            Messages.ORDERS[8],
            "03 03 00000004 0000000000000005 0000000000000006 0000000000000007 ffffffe1 00"
                + "00 3fe0000000000000 0000000000000001 01"
                + "0005 746f702d6b 00 00 00000000 00 05 00 3fd0000000000000 00000001 00 00"
                + "01 00000010 00 00 00 0000000000000003 01 00"),
        format(
            "close, measures the movement",
            OrderSerializer.INSTANCE,
            Messages.ORDERS[10],
            "03 03 00000004 0000000000000005 0000000000000006 0000000000000007 ffffffe1 00"
                + "00 3fe0000000000000 0000000000000001 00 01 fffffffffffffff7 00000014"),
        format(
            "apply",
            OrderSerializer.INSTANCE,
            Messages.ORDERS[9],
            "03 06 00000001 0000000000000002 03 00000000 0000000000000005 0000000000000003"),
        format(
            "sealed, measured",
            SealedSerializer.INSTANCE,
            Messages.SEALED[1],
            "01 00000003 0000000000000004 0000000000000005"
                + Models.manifestDigest().toHex()
                + "3fe0000000000000 01 3fd0000000000000 4000000000000000 00000007"),
        format(
            "trace",
            MovementTraceSerializer.INSTANCE,
            Messages.TRACES[1],
            "00 fffffffffffffffd 00000002 00000002 3f800000 c0000000 00000002 40000000 00000000"
                + "4008000000000000"),
        format(
            "course",
            StageCourseSerializer.INSTANCE,
            Messages.COURSES[1],
            "00 00000003 0000000000000028 00000002 3fe0000000000000 3fd0000000000000"),
        format(
            "payload, rotated",
            SegmentPayloadSerializer.INSTANCE,
            Messages.PAYLOADS[6],
            "01"
                + ID
                + "00000003 00 00000004 00 00000002 64e7 00 00000001 09"
                + "01 8000000000000000 00000004"));
  }

  private static <T> Arguments format(
      String name, TypeSerializer<T> serializer, T message, String hex) {
    return Arguments.of(name, serializer, message, hex.replace(" ", ""));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("formatZero")
  <T> void messageOfFormatZeroStaysReadable(
      String name, TypeSerializer<T> serializer, T message, String hex) throws IOException {
    demandReads(serializer, hex, message);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("formatOne")
  <T> void messageOfFormatOneStaysReadable(
      String name, TypeSerializer<T> serializer, T message, String hex) throws IOException {
    demandReads(serializer, hex, message);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("formatTwo")
  <T> void messageOfFormatTwoStaysReadable(
      String name, TypeSerializer<T> serializer, T message, String hex) throws IOException {
    demandReads(serializer, hex, message);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("newestFormat")
  <T> void messageOfTheNewestFormatIsWrittenAndStaysReadable(
      String name, TypeSerializer<T> serializer, T message, String hex) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(64);
    serializer.serialize(message, out);
    assertThat(HexFormat.of().formatHex(out.getCopyOfBuffer())).isEqualTo(hex);
    demandReads(serializer, hex, message);
  }

  private static <T> void demandReads(TypeSerializer<T> serializer, String hex, T message)
      throws IOException {
    T read = serializer.deserialize(new DataInputDeserializer(HexFormat.of().parseHex(hex)));
    assertThat(read)
        .usingRecursiveComparison()
        .withEqualsForType(Bytes::equals, Bytes.class)
        .isEqualTo(message);
  }

  @Test
  void newerFormatIsRefusedWithTheReason() {
    DataInputDeserializer newer = new DataInputDeserializer(new byte[] {4, 0, 0, 0});

    assertThatThrownBy(() -> OrderSerializer.INSTANCE.deserialize(newer))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "OrderSerializer reads formats up to 3, not 4: state written by a newer release");
  }

  @Test
  void unknownKindOfOrderIsRefused() {
    byte[] bytes = HexFormat.of().parseHex("000900000001" + "0000000000000002");

    assertThatThrownBy(() -> OrderSerializer.INSTANCE.deserialize(new DataInputDeserializer(bytes)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("unknown kind of order 9");
  }

  /** Key groups and heap maps rest on it, in every JVM alike. */
  @Test
  void hashOfARecordIdDoesNotDependOnTheJvm() {
    assertThat(new RecordId(RecordId.Source.MODEL, 5, 7).hashCode())
        .isEqualTo((2 * 31 + 5) * 31 + 7);
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import anabranch.protocol.message.Ledger;
import anabranch.udf.message.RecordId;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** How the parts of the coordinator's state write the fields that they share. */
final class StateFields {

  private static final RecordId.Source[] SOURCES = RecordId.Source.values();

  private StateFields() {}

  static void writeBytes(byte[] bytes, DataOutput out) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  static byte[] readBytes(DataInput in) throws IOException {
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    return bytes;
  }

  static void writeId(RecordId id, DataOutput out) throws IOException {
    out.writeByte(id.source().ordinal());
    out.writeInt(id.partition());
    out.writeLong(id.offset());
  }

  static RecordId readId(DataInput in) throws IOException {
    return new RecordId(SOURCES[in.readByte()], in.readInt(), in.readLong());
  }

  static void writeInts(int[] values, DataOutput out) throws IOException {
    out.writeInt(values.length);
    for (int value : values) {
      out.writeInt(value);
    }
  }

  static int[] readInts(DataInput in) throws IOException {
    int[] values = new int[in.readInt()];
    for (int i = 0; i < values.length; i++) {
      values[i] = in.readInt();
    }
    return values;
  }

  static void writeLedger(Ledger ledger, DataOutput out) throws IOException {
    out.writeLong(ledger.received());
    out.writeLong(ledger.folded());
    out.writeLong(ledger.late());
    out.writeLong(ledger.surplus());
    out.writeLong(ledger.duplicate());
    out.writeLong(ledger.rejected());
    out.writeLong(ledger.expired());
    out.writeLong(ledger.open());
  }

  static Ledger readLedger(DataInput in) throws IOException {
    return new Ledger(
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong());
  }

  static void writeFloats(float[] values, DataOutput out) throws IOException {
    out.writeInt(values.length);
    for (float value : values) {
      out.writeFloat(value);
    }
  }

  static float[] readFloats(DataInput in) throws IOException {
    float[] values = new float[in.readInt()];
    for (int i = 0; i < values.length; i++) {
      values[i] = in.readFloat();
    }
    return values;
  }
}

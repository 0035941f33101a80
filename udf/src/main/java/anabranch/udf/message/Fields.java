// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.message;

import anabranch.protocol.Bytes;
import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.codec.Reference;
import anabranch.protocol.codec.TransformCode;
import anabranch.protocol.message.Ledger;
import anabranch.protocol.model.Digest;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** How fields are written that several messages, or the coordinator's state, have in common. */
public final class Fields {

  private static final RecordId.Source[] SOURCES = RecordId.Source.values();

  private Fields() {}

  public static void writeId(RecordId id, DataOutput out) throws IOException {
    out.writeByte(id.source().ordinal());
    out.writeInt(id.partition());
    out.writeLong(id.offset());
  }

  public static RecordId readId(DataInput in) throws IOException {
    return new RecordId(SOURCES[in.readByte()], in.readInt(), in.readLong());
  }

  public static void writeBytes(Bytes bytes, DataOutput out) throws IOException {
    out.writeInt(bytes.length());
    out.write(bytes.array(), bytes.offset(), bytes.length());
  }

  public static Bytes readBytes(DataInput in) throws IOException {
    return Bytes.of(readArray(in));
  }

  public static void writeArray(byte[] bytes, DataOutput out) throws IOException {
    out.writeInt(bytes == null ? -1 : bytes.length);
    if (bytes != null) {
      out.write(bytes);
    }
  }

  public static byte[] readArray(DataInput in) throws IOException {
    int length = in.readInt();
    if (length < 0) {
      return null;
    }
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return bytes;
  }

  public static void writeTransform(TransformCode code, DataOutput out) throws IOException {
    if (code instanceof TransformCode.Rotated rotated) {
      out.writeByte(1);
      out.writeLong(rotated.seed());
    } else if (code instanceof TransformCode.LowRankFactor factor) {
      out.writeByte(2);
      out.writeLong(factor.seed());
      out.writeInt(factor.rank());
    } else {
      out.writeByte(0);
    }
  }

  public static TransformCode readTransform(DataInput in) throws IOException {
    int tag = in.readByte();
    return switch (tag) {
      case 0 -> new TransformCode.Plain();
      case 1 -> new TransformCode.Rotated(in.readLong());
      case 2 -> new TransformCode.LowRankFactor(in.readLong(), in.readInt());
      default -> throw new IOException("unknown transform " + tag);
    };
  }

  public static void writeEncoding(EncodingSettings encoding, DataOutput out) throws IOException {
    out.writeUTF(encoding.preset());
    out.writeByte(encoding.reference().ordinal());
    out.writeByte(encoding.transform().ordinal());
    out.writeInt(encoding.rank());
    out.writeBoolean(encoding.restricted());
    out.writeByte(encoding.index().ordinal());
    out.writeByte(encoding.selection().ordinal());
    out.writeDouble(encoding.fraction());
    out.writeInt(encoding.group());
    out.writeByte(encoding.allocation().ordinal());
    out.writeBoolean(encoding.unbiased());
    out.writeByte(encoding.value().ordinal());
    out.writeInt(encoding.bits());
    out.writeByte(encoding.fit().ordinal());
    out.writeByte(encoding.rounding().ordinal());
    out.writeBoolean(encoding.errorFeedback());
  }

  public static EncodingSettings readEncoding(DataInput in) throws IOException {
    return new EncodingSettings(
        in.readUTF(),
        Reference.values()[in.readByte()],
        EncodingSettings.Transform.values()[in.readByte()],
        in.readInt(),
        in.readBoolean(),
        EncodingSettings.Index.values()[in.readByte()],
        EncodingSettings.Selection.values()[in.readByte()],
        in.readDouble(),
        in.readInt(),
        EncodingSettings.Allocation.values()[in.readByte()],
        in.readBoolean(),
        EncodingSettings.Value.values()[in.readByte()],
        in.readInt(),
        EncodingSettings.Fit.values()[in.readByte()],
        EncodingSettings.Rounding.values()[in.readByte()],
        in.readBoolean());
  }

  public static void writeText(String text, DataOutput out) throws IOException {
    out.writeBoolean(text != null);
    if (text != null) {
      out.writeUTF(text);
    }
  }

  public static String readText(DataInput in) throws IOException {
    return in.readBoolean() ? in.readUTF() : null;
  }

  public static void writeDigest(Digest digest, DataOutput out) throws IOException {
    out.write(digest.toBytes());
  }

  public static Digest readDigest(DataInput in) throws IOException {
    byte[] bytes = new byte[Digest.LENGTH];
    in.readFully(bytes);
    return Digest.of(bytes);
  }

  /** In the order of their names, so that equal states give equal bytes. */
  public static void writeMetrics(Map<String, Double> metrics, DataOutput out) throws IOException {
    out.writeInt(metrics.size());
    for (Map.Entry<String, Double> metric : new TreeMap<>(metrics).entrySet()) {
      out.writeUTF(metric.getKey());
      out.writeDouble(metric.getValue());
    }
  }

  public static Map<String, Double> readMetrics(DataInput in) throws IOException {
    int size = in.readInt();
    Map<String, Double> metrics = new HashMap<>();
    for (int i = 0; i < size; i++) {
      metrics.put(in.readUTF(), in.readDouble());
    }
    return metrics;
  }

  public static void writeInts(int[] values, DataOutput out) throws IOException {
    out.writeInt(values.length);
    for (int value : values) {
      out.writeInt(value);
    }
  }

  public static int[] readInts(DataInput in) throws IOException {
    int[] values = new int[in.readInt()];
    for (int i = 0; i < values.length; i++) {
      values[i] = in.readInt();
    }
    return values;
  }

  public static void writeFloats(float[] values, DataOutput out) throws IOException {
    out.writeInt(values.length);
    for (float value : values) {
      out.writeFloat(value);
    }
  }

  public static float[] readFloats(DataInput in) throws IOException {
    float[] values = new float[in.readInt()];
    for (int i = 0; i < values.length; i++) {
      values[i] = in.readFloat();
    }
    return values;
  }

  public static void writeLedger(Ledger ledger, DataOutput out) throws IOException {
    out.writeLong(ledger.received());
    out.writeLong(ledger.folded());
    out.writeLong(ledger.late());
    out.writeLong(ledger.surplus());
    out.writeLong(ledger.duplicate());
    out.writeLong(ledger.rejected());
    out.writeLong(ledger.expired());
    out.writeLong(ledger.open());
  }

  public static Ledger readLedger(DataInput in) throws IOException {
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
}

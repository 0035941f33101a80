// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.message.type;

import anabranch.protocol.Bytes;
import anabranch.protocol.model.Digest;
import anabranch.udf.message.RecordId;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** How the fields that several messages share are written. */
final class Fields {

  private static final RecordId.Source[] SOURCES = RecordId.Source.values();

  private Fields() {}

  static void writeId(RecordId id, DataOutputView out) throws IOException {
    out.writeByte(id.source().ordinal());
    out.writeInt(id.partition());
    out.writeLong(id.offset());
  }

  static RecordId readId(DataInputView in) throws IOException {
    return new RecordId(SOURCES[in.readByte()], in.readInt(), in.readLong());
  }

  static void writeBytes(Bytes bytes, DataOutputView out) throws IOException {
    out.writeInt(bytes.length());
    out.write(bytes.array(), bytes.offset(), bytes.length());
  }

  static Bytes readBytes(DataInputView in) throws IOException {
    return Bytes.of(readArray(in));
  }

  static void writeArray(byte[] bytes, DataOutputView out) throws IOException {
    out.writeInt(bytes == null ? -1 : bytes.length);
    if (bytes != null) {
      out.write(bytes);
    }
  }

  static byte[] readArray(DataInputView in) throws IOException {
    int length = in.readInt();
    if (length < 0) {
      return null;
    }
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return bytes;
  }

  static void writeText(String text, DataOutputView out) throws IOException {
    out.writeBoolean(text != null);
    if (text != null) {
      out.writeUTF(text);
    }
  }

  static String readText(DataInputView in) throws IOException {
    return in.readBoolean() ? in.readUTF() : null;
  }

  static void writeDigest(Digest digest, DataOutputView out) throws IOException {
    out.write(digest.toBytes());
  }

  static Digest readDigest(DataInputView in) throws IOException {
    byte[] bytes = new byte[Digest.LENGTH];
    in.readFully(bytes);
    return Digest.of(bytes);
  }

  static void writeMetrics(Map<String, Double> metrics, DataOutputView out) throws IOException {
    out.writeInt(metrics.size());
    for (Map.Entry<String, Double> metric : metrics.entrySet()) {
      out.writeUTF(metric.getKey());
      out.writeDouble(metric.getValue());
    }
  }

  static Map<String, Double> readMetrics(DataInputView in) throws IOException {
    int size = in.readInt();
    Map<String, Double> metrics = new HashMap<>();
    for (int i = 0; i < size; i++) {
      metrics.put(in.readUTF(), in.readDouble());
    }
    return metrics;
  }

  static void writeInts(int[] values, DataOutputView out) throws IOException {
    out.writeInt(values.length);
    for (int value : values) {
      out.writeInt(value);
    }
  }

  static int[] readInts(DataInputView in) throws IOException {
    int[] values = new int[in.readInt()];
    for (int i = 0; i < values.length; i++) {
      values[i] = in.readInt();
    }
    return values;
  }

  static void writeFloats(float[] values, DataOutputView out) throws IOException {
    out.writeInt(values.length);
    for (float value : values) {
      out.writeFloat(value);
    }
  }

  static float[] readFloats(DataInputView in) throws IOException {
    float[] values = new float[in.readInt()];
    for (int i = 0; i < values.length; i++) {
      values[i] = in.readFloat();
    }
    return values;
  }
}

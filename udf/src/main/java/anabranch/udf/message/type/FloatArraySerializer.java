// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.message.type;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Writes a segment of the model in one piece. Flink's own serializer writes element by element,
 * several times slower. The arrays are never changed: each version is a new one.
 */
public final class FloatArraySerializer extends ImmutableSerializer<float[]> {

  public static final FloatArraySerializer INSTANCE = new FloatArraySerializer();

  private FloatArraySerializer() {
    super(0);
  }

  @Override
  void write(float[] values, DataOutputView out) throws IOException {
    byte[] bytes = new byte[values.length * Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
    out.writeInt(values.length);
    out.write(bytes);
  }

  @Override
  float[] read(int format, DataInputView in) throws IOException {
    float[] values = new float[in.readInt()];
    byte[] bytes = new byte[values.length * Float.BYTES];
    in.readFully(bytes);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }

  @Override
  public TypeSerializerSnapshot<float[]> snapshotConfiguration() {
    return new Snapshot();
  }

  /** What a savepoint keeps of this serializer. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<float[]> {
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.message.type;

import anabranch.udf.message.Fields;
import anabranch.udf.message.Sealed;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Writes {@link Sealed}. */
public final class SealedSerializer extends ImmutableSerializer<Sealed> {

  public static final SealedSerializer INSTANCE = new SealedSerializer();

  private SealedSerializer() {
    super(0);
  }

  @Override
  void write(Sealed message, DataOutputView out) throws IOException {
    out.writeInt(message.segment());
    out.writeLong(message.sequence());
    out.writeLong(message.version());
    Fields.writeDigest(message.digest(), out);
    out.writeDouble(message.squaredChange());
  }

  @Override
  Sealed read(int format, DataInputView in) throws IOException {
    return new Sealed(
        in.readInt(), in.readLong(), in.readLong(), Fields.readDigest(in), in.readDouble());
  }

  @Override
  public TypeSerializerSnapshot<Sealed> snapshotConfiguration() {
    return new Snapshot();
  }

  /** What a savepoint keeps of this serializer. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<Sealed> {
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.message.type;

import anabranch.udf.message.Fields;
import anabranch.udf.message.Sealed;
import anabranch.udf.movement.Movement;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Writes {@link Sealed}. */
public final class SealedSerializer extends ImmutableSerializer<Sealed> {

  private static final int WITHOUT_MOVEMENT = 0;

  public static final SealedSerializer INSTANCE = new SealedSerializer();

  private SealedSerializer() {
    super(1);
  }

  @Override
  void write(Sealed message, DataOutputView out) throws IOException {
    out.writeInt(message.segment());
    out.writeLong(message.sequence());
    out.writeLong(message.version());
    Fields.writeDigest(message.digest(), out);
    out.writeDouble(message.squaredChange());
    Movement movement = message.movement();
    out.writeBoolean(movement != null);
    if (movement != null) {
      out.writeDouble(movement.net());
      out.writeDouble(movement.path());
      out.writeInt(movement.steps());
    }
  }

  @Override
  Sealed read(int format, DataInputView in) throws IOException {
    return new Sealed(
        in.readInt(),
        in.readLong(),
        in.readLong(),
        Fields.readDigest(in),
        in.readDouble(),
        format == WITHOUT_MOVEMENT ? null : readMovement(in));
  }

  private static Movement readMovement(DataInputView in) throws IOException {
    return in.readBoolean() ? new Movement(in.readDouble(), in.readDouble(), in.readInt()) : null;
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

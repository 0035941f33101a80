// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.message.type;

import anabranch.udf.message.Fields;
import anabranch.udf.movement.MovementTrace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Writes {@link MovementTrace}. */
public final class MovementTraceSerializer extends ImmutableSerializer<MovementTrace> {

  public static final MovementTraceSerializer INSTANCE = new MovementTraceSerializer();

  private MovementTraceSerializer() {
    super(0);
  }

  @Override
  void write(MovementTrace message, DataOutputView out) throws IOException {
    out.writeLong(message.seed());
    out.writeInt(message.versions().size());
    for (float[] values : message.versions()) {
      Fields.writeFloats(values, out);
    }
    for (double path : message.paths()) {
      out.writeDouble(path);
    }
  }

  @Override
  MovementTrace read(int format, DataInputView in) throws IOException {
    long seed = in.readLong();
    int size = in.readInt();
    List<float[]> versions = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      versions.add(Fields.readFloats(in));
    }
    List<Double> paths = new ArrayList<>();
    for (int i = 1; i < size; i++) {
      paths.add(in.readDouble());
    }
    return new MovementTrace(seed, versions, paths);
  }

  @Override
  public TypeSerializerSnapshot<MovementTrace> snapshotConfiguration() {
    return new Snapshot();
  }

  /** What a savepoint keeps of this serializer. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<MovementTrace> {
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}

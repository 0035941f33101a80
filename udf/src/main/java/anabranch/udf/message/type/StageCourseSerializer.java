// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.message.type;

import anabranch.udf.movement.StageCourse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Writes {@link StageCourse}. */
public final class StageCourseSerializer extends ImmutableSerializer<StageCourse> {

  public static final StageCourseSerializer INSTANCE = new StageCourseSerializer();

  private StageCourseSerializer() {
    super(0);
  }

  @Override
  void write(StageCourse message, DataOutputView out) throws IOException {
    out.writeInt(message.stage());
    out.writeLong(message.rounds());
    out.writeInt(message.effective().size());
    for (double value : message.effective()) {
      out.writeDouble(value);
    }
  }

  @Override
  StageCourse read(int format, DataInputView in) throws IOException {
    int stage = in.readInt();
    long rounds = in.readLong();
    List<Double> effective = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      effective.add(in.readDouble());
    }
    return new StageCourse(stage, rounds, effective);
  }

  @Override
  public TypeSerializerSnapshot<StageCourse> snapshotConfiguration() {
    return new Snapshot();
  }

  /** What a savepoint keeps of this serializer. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<StageCourse> {
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}

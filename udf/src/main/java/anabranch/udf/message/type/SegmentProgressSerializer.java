// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.message.type;

import anabranch.udf.message.SegmentProgress;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Writes {@link SegmentProgress}. */
public final class SegmentProgressSerializer extends ImmutableSerializer<SegmentProgress> {

  public static final SegmentProgressSerializer INSTANCE = new SegmentProgressSerializer();

  private SegmentProgressSerializer() {
    super(0);
  }

  @Override
  void write(SegmentProgress message, DataOutputView out) throws IOException {
    out.writeLong(message.nextOrder());
    out.writeInt(message.queued());
    out.writeInt(message.pressing());
    out.writeLong(message.heldBytes());
    out.writeLong(message.weight());
  }

  @Override
  SegmentProgress read(int format, DataInputView in) throws IOException {
    return new SegmentProgress(
        in.readLong(), in.readInt(), in.readInt(), in.readLong(), in.readLong());
  }

  @Override
  public TypeSerializerSnapshot<SegmentProgress> snapshotConfiguration() {
    return new Snapshot();
  }

  /** What a savepoint keeps of this serializer. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<SegmentProgress> {
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}

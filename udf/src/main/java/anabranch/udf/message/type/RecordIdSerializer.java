// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.message.type;

import anabranch.udf.message.Fields;
import anabranch.udf.message.RecordId;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Writes {@link RecordId}. */
public final class RecordIdSerializer extends ImmutableSerializer<RecordId> {

  public static final RecordIdSerializer INSTANCE = new RecordIdSerializer();

  private RecordIdSerializer() {
    super(0);
  }

  @Override
  void write(RecordId message, DataOutputView out) throws IOException {
    Fields.writeId(message, out);
  }

  @Override
  RecordId read(int format, DataInputView in) throws IOException {
    return Fields.readId(in);
  }

  @Override
  public TypeSerializerSnapshot<RecordId> snapshotConfiguration() {
    return new Snapshot();
  }

  /** What a savepoint keeps of this serializer. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<RecordId> {
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}

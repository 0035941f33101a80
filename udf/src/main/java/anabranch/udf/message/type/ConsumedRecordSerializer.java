// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.message.type;

import anabranch.udf.message.ConsumedRecord;
import anabranch.udf.message.Fields;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Writes {@link ConsumedRecord}. */
public final class ConsumedRecordSerializer extends ImmutableSerializer<ConsumedRecord> {

  public static final ConsumedRecordSerializer INSTANCE = new ConsumedRecordSerializer();

  private ConsumedRecordSerializer() {
    super(0);
  }

  @Override
  void write(ConsumedRecord message, DataOutputView out) throws IOException {
    Fields.writeId(message.id(), out);
    Fields.writeArray(message.key(), out);
    Fields.writeArray(message.value(), out);
  }

  @Override
  ConsumedRecord read(int format, DataInputView in) throws IOException {
    return new ConsumedRecord(Fields.readId(in), Fields.readArray(in), Fields.readArray(in));
  }

  @Override
  public TypeSerializerSnapshot<ConsumedRecord> snapshotConfiguration() {
    return new Snapshot();
  }

  /** What a savepoint keeps of this serializer. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<ConsumedRecord> {
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.message.type;

import anabranch.udf.message.Fields;
import anabranch.udf.message.Publication;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Writes {@link Publication}. */
public final class PublicationSerializer extends ImmutableSerializer<Publication> {

  private static final Publication.Topic[] TOPICS = Publication.Topic.values();

  public static final PublicationSerializer INSTANCE = new PublicationSerializer();

  private PublicationSerializer() {
    super(0);
  }

  @Override
  void write(Publication message, DataOutputView out) throws IOException {
    out.writeByte(message.topic().ordinal());
    out.writeInt(message.partition());
    Fields.writeArray(message.key(), out);
    Fields.writeArray(message.value(), out);
    out.writeLong(message.timestamp());
  }

  @Override
  Publication read(int format, DataInputView in) throws IOException {
    return new Publication(
        TOPICS[in.readByte()],
        in.readInt(),
        Fields.readArray(in),
        Fields.readArray(in),
        in.readLong());
  }

  @Override
  public TypeSerializerSnapshot<Publication> snapshotConfiguration() {
    return new Snapshot();
  }

  /** What a savepoint keeps of this serializer. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<Publication> {
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}

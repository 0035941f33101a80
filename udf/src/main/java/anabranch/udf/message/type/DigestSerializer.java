// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.message.type;

import anabranch.protocol.model.Digest;
import anabranch.udf.message.Fields;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Writes {@link Digest}. */
public final class DigestSerializer extends ImmutableSerializer<Digest> {

  public static final DigestSerializer INSTANCE = new DigestSerializer();

  private DigestSerializer() {
    super(0);
  }

  @Override
  void write(Digest message, DataOutputView out) throws IOException {
    Fields.writeDigest(message, out);
  }

  @Override
  Digest read(int format, DataInputView in) throws IOException {
    return Fields.readDigest(in);
  }

  @Override
  public TypeSerializerSnapshot<Digest> snapshotConfiguration() {
    return new Snapshot();
  }

  /** What a savepoint keeps of this serializer. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<Digest> {
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}

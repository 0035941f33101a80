// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.message.type;

import anabranch.protocol.avro.Records;
import anabranch.protocol.codec.MalformedUpdateException;
import anabranch.protocol.codec.Reference;
import anabranch.protocol.codec.TransformCode;
import anabranch.protocol.message.ClientCheckIn;
import anabranch.udf.message.Fields;
import anabranch.udf.message.Header;
import anabranch.udf.message.RecordId;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Writes {@link Header}. */
public final class HeaderSerializer extends ImmutableSerializer<Header> {

  private static final int UPDATE = 0;
  private static final int UNUSABLE = 1;
  private static final int CHECK_IN = 2;
  private static final int GONE = 3;
  private static final int LOADED = 4;
  private static final int LOADED_DELTA = 5;
  private static final int DECIDED = 6;
  private static final int WITHOUT_TRANSFORM = 0;
  private static final int NO_PARAMETERS = -1;
  private static final Reference[] REFERENCES = Reference.values();

  public static final HeaderSerializer INSTANCE = new HeaderSerializer();

  private HeaderSerializer() {
    super(2);
  }

  @Override
  void write(Header message, DataOutputView out) throws IOException {
    Fields.writeId(message.id(), out);
    if (message instanceof Header.Update update) {
      out.writeByte(UPDATE);
      writeUpdate(update, out);
    } else if (message instanceof Header.Unusable unusable) {
      out.writeByte(UNUSABLE);
      out.writeInt(unusable.size());
      out.writeUTF(unusable.reason());
      out.writeUTF(unusable.detail());
      Fields.writeText(unusable.clientId(), out);
      out.writeLong(unusable.planId());
      Fields.writeBytes(unusable.prefix(), out);
    } else if (message instanceof Header.CheckIn checkIn) {
      out.writeByte(CHECK_IN);
      Fields.writeArray(Records.encode(checkIn.checkIn()), out);
    } else if (message instanceof Header.Gone gone) {
      out.writeByte(GONE);
      out.writeUTF(gone.clientId());
    } else if (message instanceof Header.Loaded loaded) {
      out.writeByte(LOADED);
      out.writeInt(loaded.segment());
      out.writeLong(loaded.version());
      Fields.writeDigest(loaded.digest(), out);
    } else if (message instanceof Header.LoadedDelta delta) {
      out.writeByte(LOADED_DELTA);
      out.writeInt(delta.segment());
      out.writeLong(delta.version());
      out.writeLong(delta.fromVersion());
    } else if (message instanceof Header.Decided decided) {
      out.writeByte(DECIDED);
      Fields.writeArray(Records.encode(decided.decision()), out);
    }
  }

  @Override
  Header read(int format, DataInputView in) throws IOException {
    RecordId id = Fields.readId(in);
    int kind = in.readByte();
    return switch (kind) {
      case UPDATE -> readUpdate(format, id, in);
      case UNUSABLE ->
          new Header.Unusable(
              id,
              in.readInt(),
              in.readUTF(),
              in.readUTF(),
              Fields.readText(in),
              in.readLong(),
              Fields.readBytes(in));
      case CHECK_IN -> new Header.CheckIn(id, readCheckIn(in));
      case GONE -> new Header.Gone(id, in.readUTF());
      case LOADED -> new Header.Loaded(id, in.readInt(), in.readLong(), Fields.readDigest(in));
      case LOADED_DELTA -> new Header.LoadedDelta(id, in.readInt(), in.readLong(), in.readLong());
      case DECIDED -> new Header.Decided(id, Records.decodeStageDecision(Fields.readArray(in)));
      default -> throw new IOException("unknown kind of header " + kind);
    };
  }

  private static void writeUpdate(Header.Update update, DataOutputView out) throws IOException {
    out.writeInt(update.size());
    out.writeUTF(update.clientId());
    out.writeLong(update.session());
    out.writeLong(update.planId());
    out.writeLong(update.round());
    out.writeInt(update.part());
    out.writeInt(update.parts());
    out.writeLong(update.samples());
    Fields.writeMetrics(update.metrics(), out);
    Fields.writeInts(update.segments(), out);
    out.writeByte(update.parameters() == null ? NO_PARAMETERS : update.parameters().ordinal());
    Fields.writeTransform(update.transform(), out);
    out.writeLong(update.payloadBytes());
    out.writeLong(update.denseBytes());
    Fields.writeFloats(update.sketch(), out);
    Fields.writeBytes(update.prefix(), out);
  }

  private static Reference readParameters(DataInputView in) throws IOException {
    int ordinal = in.readByte();
    return ordinal == NO_PARAMETERS ? null : REFERENCES[ordinal];
  }

  private static ClientCheckIn readCheckIn(DataInputView in) throws IOException {
    try {
      return Records.decodeClientCheckIn(Fields.readArray(in));
    } catch (MalformedUpdateException e) {
      throw new IOException("a check-in that was sound became unreadable", e);
    }
  }

  private static Header.Update readUpdate(int format, RecordId id, DataInputView in)
      throws IOException {
    return new Header.Update(
        id,
        in.readInt(),
        in.readUTF(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readInt(),
        in.readInt(),
        in.readLong(),
        Fields.readMetrics(in),
        Fields.readInts(in),
        readParameters(in),
        format == WITHOUT_TRANSFORM ? new TransformCode.Plain() : Fields.readTransform(in),
        in.readLong(),
        in.readLong(),
        Fields.readFloats(in),
        Fields.readBytes(in));
  }

  @Override
  public TypeSerializerSnapshot<Header> snapshotConfiguration() {
    return new Snapshot();
  }

  /** What a savepoint keeps of this serializer. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<Header> {
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}

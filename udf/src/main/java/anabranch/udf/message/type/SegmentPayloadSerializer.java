// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.message.type;

import anabranch.protocol.codec.IndexCode;
import anabranch.protocol.codec.Reference;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.codec.TransformCode;
import anabranch.protocol.codec.ValueCode;
import anabranch.udf.message.Fields;
import anabranch.udf.message.SegmentPayload;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Writes {@link SegmentPayload}. */
public final class SegmentPayloadSerializer extends ImmutableSerializer<SegmentPayload> {

  private static final int WITHOUT_TRANSFORM = 0;
  private static final Reference[] REFERENCES = Reference.values();

  public static final SegmentPayloadSerializer INSTANCE = new SegmentPayloadSerializer();

  private SegmentPayloadSerializer() {
    super(1);
  }

  @Override
  void write(SegmentPayload message, DataOutputView out) throws IOException {
    Fields.writeId(message.id(), out);
    SegmentUpdate update = message.update();
    out.writeInt(update.segment());
    out.writeByte(update.reference().ordinal());
    out.writeInt(update.count());
    writeIndexCode(update.indexCode(), out);
    Fields.writeBytes(update.index(), out);
    writeValueCode(update.valueCode(), out);
    Fields.writeBytes(update.values(), out);
    Fields.writeTransform(update.transform(), out);
    out.writeInt(update.group());
  }

  @Override
  SegmentPayload read(int format, DataInputView in) throws IOException {
    return new SegmentPayload(
        Fields.readId(in),
        new SegmentUpdate(
            in.readInt(),
            REFERENCES[in.readByte()],
            in.readInt(),
            readIndexCode(in),
            Fields.readBytes(in),
            readValueCode(in),
            Fields.readBytes(in),
            format == WITHOUT_TRANSFORM ? new TransformCode.Plain() : Fields.readTransform(in),
            format == WITHOUT_TRANSFORM ? 1 : in.readInt()));
  }

  private static void writeIndexCode(IndexCode code, DataOutputView out) throws IOException {
    if (code instanceof IndexCode.Dense) {
      out.writeByte(0);
    } else if (code instanceof IndexCode.Bitmap) {
      out.writeByte(1);
    } else if (code instanceof IndexCode.GapVarint) {
      out.writeByte(2);
    } else if (code instanceof IndexCode.Rice rice) {
      out.writeByte(3);
      out.writeInt(rice.bits());
    } else if (code instanceof IndexCode.Seeded seeded) {
      out.writeByte(4);
      out.writeLong(seeded.seed());
      out.writeDouble(seeded.p());
    }
  }

  private static IndexCode readIndexCode(DataInputView in) throws IOException {
    int tag = in.readByte();
    return switch (tag) {
      case 0 -> new IndexCode.Dense();
      case 1 -> new IndexCode.Bitmap();
      case 2 -> new IndexCode.GapVarint();
      case 3 -> new IndexCode.Rice(in.readInt());
      case 4 -> new IndexCode.Seeded(in.readLong(), in.readDouble());
      default -> throw new IOException("unknown index code " + tag);
    };
  }

  private static void writeValueCode(ValueCode code, DataOutputView out) throws IOException {
    if (code instanceof ValueCode.F32) {
      out.writeByte(0);
    } else if (code instanceof ValueCode.F16) {
      out.writeByte(1);
    } else if (code instanceof ValueCode.BF16) {
      out.writeByte(2);
    } else if (code instanceof ValueCode.Affine affine) {
      out.writeByte(3);
      out.writeInt(affine.bits());
      out.writeFloat(affine.lo());
      out.writeFloat(affine.step());
    }
  }

  private static ValueCode readValueCode(DataInputView in) throws IOException {
    int tag = in.readByte();
    return switch (tag) {
      case 0 -> new ValueCode.F32();
      case 1 -> new ValueCode.F16();
      case 2 -> new ValueCode.BF16();
      case 3 -> new ValueCode.Affine(in.readInt(), in.readFloat(), in.readFloat());
      default -> throw new IOException("unknown value code " + tag);
    };
  }

  @Override
  public TypeSerializerSnapshot<SegmentPayload> snapshotConfiguration() {
    return new Snapshot();
  }

  /** What a savepoint keeps of this serializer. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<SegmentPayload> {
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}

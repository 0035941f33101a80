// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.message.type;

import anabranch.udf.aggregation.SegmentSum;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Writes a segment's running sum in one piece. The sum is the one value in state that is changed in
 * place, so unlike the messages it is really copied.
 */
public final class SegmentSumSerializer extends TypeSerializerSingleton<SegmentSum> {

  public static final SegmentSumSerializer INSTANCE = new SegmentSumSerializer();

  private SegmentSumSerializer() {}

  @Override
  public void serialize(SegmentSum sum, DataOutputView out) throws IOException {
    out.writeByte(0);
    out.writeBoolean(sum.presence() != null);
    write(sum.units(), out);
    if (sum.presence() != null) {
      write(sum.presence(), out);
    }
  }

  private static void write(long[] values, DataOutputView out) throws IOException {
    byte[] bytes = new byte[values.length * Long.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().put(values);
    out.writeInt(values.length);
    out.write(bytes);
  }

  @Override
  public SegmentSum deserialize(DataInputView in) throws IOException {
    int format = in.readByte();
    if (format != 0) {
      throw new IOException("sum of format " + format + ": state written by a newer release");
    }
    boolean counted = in.readBoolean();
    long[] units = read(in);
    return new SegmentSum(units, counted ? read(in) : null);
  }

  private static long[] read(DataInputView in) throws IOException {
    long[] values = new long[in.readInt()];
    byte[] bytes = new byte[values.length * Long.BYTES];
    in.readFully(bytes);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(values);
    return values;
  }

  @Override
  public SegmentSum copy(SegmentSum sum) {
    return new SegmentSum(
        sum.units().clone(), sum.presence() == null ? null : sum.presence().clone());
  }

  @Override
  public SegmentSum copy(SegmentSum sum, SegmentSum reuse) {
    return copy(sum);
  }

  @Override
  public void copy(DataInputView in, DataOutputView out) throws IOException {
    serialize(deserialize(in), out);
  }

  @Override
  public SegmentSum deserialize(SegmentSum reuse, DataInputView in) throws IOException {
    return deserialize(in);
  }

  @Override
  public SegmentSum createInstance() {
    return new SegmentSum(new long[0], null);
  }

  @Override
  public boolean isImmutableType() {
    return false;
  }

  @Override
  public int getLength() {
    return -1;
  }

  @Override
  public TypeSerializerSnapshot<SegmentSum> snapshotConfiguration() {
    return new Snapshot();
  }

  /** What a savepoint keeps of this serializer. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<SegmentSum> {
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}

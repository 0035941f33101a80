// SPDX-License-Identifier: Apache-2.0
package anabranch.job.testkit;

import anabranch.protocol.Bytes;
import anabranch.protocol.codec.IndexCode;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.codec.ValueCode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads the three codes of {@link RecordedUpdates} in the plainest way, bit by bit, with nothing of
 * the job's decoder in it.
 */
final class RecordedValues {

  private RecordedValues() {}

  /** The update as a dense vector, 0 where it lists nothing. */
  static float[] dense(SegmentUpdate update, int length) {
    float[] dense = new float[length];
    int[] indices = indices(update, length);
    for (int i = 0; i < update.count(); i++) {
      dense[indices[i]] = value(update, i);
    }
    return dense;
  }

  static float[] float32(Bytes bytes) {
    float[] values = new float[bytes.length() / Float.BYTES];
    littleEndian(bytes).asFloatBuffer().get(values);
    return values;
  }

  private static ByteBuffer littleEndian(Bytes bytes) {
    return ByteBuffer.wrap(bytes.array(), bytes.offset(), bytes.length())
        .slice()
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  private static float value(SegmentUpdate update, int i) {
    ByteBuffer bytes = littleEndian(update.values());
    if (update.valueCode() instanceof ValueCode.F32) {
      return bytes.getFloat(i * Float.BYTES);
    }
    if (update.valueCode() instanceof ValueCode.F16) {
      return half(bytes.getShort(i * Short.BYTES));
    }
    if (update.valueCode() instanceof ValueCode.Affine affine && affine.bits() == 8) {
      float scaled = (bytes.get(i) & 0xff) * affine.step();
      return affine.lo() + scaled;
    }
    throw new IllegalArgumentException("not among the recorded codes: " + update.valueCode());
  }

  private static float half(short bits) {
    int exponent = bits >> 10 & 0x1f;
    int fraction = bits & 0x3ff;
    double magnitude =
        exponent == 0
            ? Math.scalb((double) fraction, -24)
            : Math.scalb((double) (fraction | 0x400), exponent - 25);
    return (float) (bits < 0 ? -magnitude : magnitude);
  }

  private static int[] indices(SegmentUpdate update, int length) {
    int[] indices = new int[update.count()];
    if (update.indexCode() instanceof IndexCode.Dense) {
      for (int i = 0; i < length; i++) {
        indices[i] = i;
      }
      return indices;
    }
    int riceBits = ((IndexCode.Rice) update.indexCode()).bits();
    int position = 0;
    int previous = -1;
    for (int i = 0; i < indices.length; i++) {
      int gap = 0;
      for (; bit(update.index(), position) == 1; position++) {
        gap += 1 << riceBits;
      }
      position++;
      for (int b = 0; b < riceBits; b++, position++) {
        gap += bit(update.index(), position) << b;
      }
      previous += 1 + gap;
      indices[i] = previous;
    }
    return indices;
  }

  private static int bit(Bytes bytes, int position) {
    return bytes.array()[bytes.offset() + position / 8] >> position % 8 & 1;
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import anabranch.protocol.Bytes;
import java.nio.FloatBuffer;

/** IEEE 754 binary32: 4 bytes a value, nothing lost. */
record Float32Values() implements ValueCodec {

  @Override
  public long size(int count) {
    return (long) Float.BYTES * count;
  }

  @Override
  public byte[] encode(float[] values, int from, int count) {
    return Bytes.ofFloats(values, from, count).array();
  }

  @Override
  public void check(Bytes bytes, int count, int maxExponent) throws MalformedUpdateException {
    Payload.requireLength(bytes, size(count), "f32");
    if (!Magnitudes.within32(bytes, Float.floatToRawIntBits(Magnitudes.bound(maxExponent)))) {
      FloatBuffer floats = bytes.floats();
      int i = 0;
      while (Magnitudes.within(floats.get(i), maxExponent)) {
        i++;
      }
      throw Magnitudes.beyond(i, floats.get(i), maxExponent);
    }
  }

  @Override
  public void decode(Bytes bytes, int count, float[] values) {
    bytes.floats().get(values, 0, count);
  }
}

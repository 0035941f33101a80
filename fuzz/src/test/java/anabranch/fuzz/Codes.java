// SPDX-License-Identifier: Apache-2.0
package anabranch.fuzz;

import anabranch.protocol.Bytes;
import anabranch.protocol.codec.IndexCode;
import anabranch.protocol.codec.Reference;
import anabranch.protocol.codec.SegmentEncoder;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.codec.ValueCode;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Updates in which one code is under test and the other is out of the way. */
final class Codes {

  private static final float[] SAMPLE = {
    0, -0f, 1, -1, 0.1f, 1e-30f, Float.MIN_VALUE, -65_504, 1 << 20, 1.0001f, 3, -0.333f
  };

  private Codes() {}

  /** Values that take no bytes whatever their number. */
  static SegmentUpdate index(FuzzInput input, IndexCode code, Bytes index) {
    return new SegmentUpdate(
        0, Reference.DELTA, input.count(), code, index, new ValueCode.Affine(0, 1, 0), Bytes.EMPTY);
  }

  /** A value for each element; see {@link #lengthOfAll}. */
  static SegmentUpdate values(FuzzInput input, ValueCode code, Bytes values) {
    return new SegmentUpdate(
        0, Reference.DELTA, input.count(), new IndexCode.Dense(), Bytes.EMPTY, code, values);
  }

  /** The segment that has as many elements as the sender claims values, if there can be one. */
  static int lengthOfAll(FuzzInput input) {
    return Math.max(1, Math.min(FuzzInput.MOST_VALUES, input.count()));
  }

  /** Values of all magnitudes in one code, and the same cut short. */
  static Stream<byte[]> floats(ValueCode code) {
    int[] all = IntStream.range(0, SAMPLE.length).toArray();
    byte[] values =
        SegmentEncoder.encodeSelected(
                0, Reference.DELTA, SAMPLE.length, all, SAMPLE, new IndexCode.Dense(), code)
            .values()
            .toArray();
    return Stream.of(SAMPLE.length, SAMPLE.length / 2)
        .map(count -> new FuzzInput(1, count, 0, 0, values).toBytes());
  }
}

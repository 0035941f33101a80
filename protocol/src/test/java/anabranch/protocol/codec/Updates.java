// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import anabranch.protocol.Bytes;
import anabranch.protocol.codec.MalformedUpdateException.Reason;
import java.util.Arrays;
import java.util.HexFormat;

/** Hand-made segment updates and short ways to decode them. */
final class Updates {

  static final int MAX_EXPONENT = 20;

  /** Takes no bytes for any count, so that an index can be judged alone. */
  static final ValueCode NO_BYTES = new ValueCode.Affine(0, 1, 0);

  private Updates() {}

  record Decoded(int[] indices, float[] values) {}

  static Bytes hex(String digits) {
    return Bytes.of(HexFormat.of().parseHex(digits));
  }

  static SegmentUpdate indexOnly(IndexCode code, int count, Bytes index) {
    return new SegmentUpdate(0, Reference.DELTA, count, code, index, NO_BYTES, Bytes.EMPTY);
  }

  static SegmentUpdate dense(ValueCode code, int count, Bytes values) {
    return new SegmentUpdate(
        0, Reference.DELTA, count, new IndexCode.Dense(), Bytes.EMPTY, code, values);
  }

  static SegmentUpdate withIndex(SegmentUpdate update, Bytes index) {
    return new SegmentUpdate(
        update.segment(),
        update.reference(),
        update.count(),
        update.indexCode(),
        index,
        update.valueCode(),
        update.values());
  }

  static SegmentUpdate withValues(SegmentUpdate update, Bytes values) {
    return new SegmentUpdate(
        update.segment(),
        update.reference(),
        update.count(),
        update.indexCode(),
        update.index(),
        update.valueCode(),
        values);
  }

  static Decoded decode(SegmentUpdate update, int length) throws MalformedUpdateException {
    DecodedSegment decoded = new DecodedSegment();
    SegmentDecoder.decode(update, length, MAX_EXPONENT, decoded);
    int[] indices =
        decoded.dense() ? everything(length) : Arrays.copyOf(decoded.indices(), decoded.count());
    return new Decoded(indices, Arrays.copyOf(decoded.values(), decoded.count()));
  }

  /** Why the decoder refuses {@code update}, or null if it does not. */
  static Reason refusal(SegmentUpdate update, int length) {
    MalformedUpdateException refused =
        catchThrowableOfType(MalformedUpdateException.class, () -> decode(update, length));
    return refused == null ? null : refused.reason();
  }

  static int[] everything(int length) {
    int[] indices = new int[length];
    Arrays.setAll(indices, i -> i);
    return indices;
  }
}

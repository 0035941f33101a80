// SPDX-License-Identifier: Apache-2.0
package anabranch.fuzz;

import anabranch.protocol.Bytes;
import anabranch.protocol.codec.DecodedSegment;
import anabranch.protocol.codec.MalformedUpdateException;
import anabranch.protocol.codec.SegmentDecoder;
import anabranch.protocol.codec.SegmentEncoder;
import anabranch.protocol.codec.SegmentUpdate;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What holds for whatever a sender claims and writes in one code. A subclass names the code, in two
 * methods, and its seeds; a code that is added gets a subclass.
 */
abstract class CodeFuzzTest {

  /** The exception and its message, and what a code needs beside the arrays it decodes into. */
  private static final long MOST_ALLOCATED = 2048;

  private static final int MAX_EXPONENT = 20;

  private final DecodedSegment decoded = new DecodedSegment();

  /** The update that an input stands for, with this payload in the place of the input's own. */
  abstract SegmentUpdate update(FuzzInput input, Bytes payload);

  /** Elements of the segment. */
  int length(FuzzInput input) {
    return input.length();
  }

  /**
   * How far a decoded value may move when it is encoded and decoded once more; negative where even
   * its bytes have to come back.
   */
  double reencodingError(SegmentUpdate update) {
    return -1;
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "")
  final void decodesWhatAnEncoderWritesAndRefusesTheRest(byte[] bytes) throws Exception {
    FuzzInput input = FuzzInput.of(bytes);
    SegmentUpdate update = update(input, input.alone());
    int length = length(input);

    AllocationLimit.demand(MOST_ALLOCATED, () -> refusal(update, length));

    String refusal = refusal(update, length);
    demand(refusal == null || decoded.count() == 0 && !decoded.dense(), "a refusal left values");
    int[] indices =
        decoded.dense()
            ? IntStream.range(0, length).toArray()
            : Arrays.copyOf(decoded.indices(), decoded.count());
    float[] values = Arrays.copyOf(decoded.values(), decoded.count());
    for (byte neighbour : new byte[] {0, -1}) {
      String amidst = refusal(update(input, input.amidst(neighbour)), length);
      demand(Objects.equals(amidst, refusal), "neighbours change the answer");
      demand(decoded.count() == values.length, "neighbours change the count");
      demand(equal(decoded.values(), values), "neighbours change the values");
    }
    if (refusal == null) {
      demandSound(update, length, indices, values);
      demandSameWhenEncoded(update, length, indices, values);
    }
  }

  private static void demandSound(SegmentUpdate update, int length, int[] indices, float[] values) {
    demand(values.length == update.count() && values.length == indices.length, "counts differ");
    int previous = -1;
    for (int index : indices) {
      demand(previous < index && index < length, "indices do not rise below the length");
      previous = index;
    }
    for (float value : values) {
      demand(Math.abs(value) <= 1 << MAX_EXPONENT, "a value lies beyond the bound");
    }
  }

  private void demandSameWhenEncoded(
      SegmentUpdate update, int length, int[] indices, float[] values) {
    SegmentUpdate again =
        SegmentEncoder.encodeSelected(
            update.segment(),
            update.reference(),
            length,
            indices,
            values,
            update.indexCode(),
            update.valueCode());
    demand(again.index().equals(update.index()), "an encoder writes other indices");
    double error = reencodingError(update);
    if (error < 0) {
      demand(again.values().equals(update.values()), "an encoder writes other values");
      return;
    }
    demand(refusal(again, length) == null, "what an encoder writes is refused");
    for (int i = 0; i < values.length; i++) {
      demand(Math.abs((double) decoded.values()[i] - values[i]) <= error, "a value moved");
    }
  }

  /** Plain, since an assertion library would take most of the time of a million executions. */
  private static void demand(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }

  /** Bits are compared: a negative zero is not a zero. */
  private static boolean equal(float[] decoded, float[] values) {
    for (int i = 0; i < values.length; i++) {
      if (Float.floatToRawIntBits(decoded[i]) != Float.floatToRawIntBits(values[i])) {
        return false;
      }
    }
    return true;
  }

  /** Decodes; the message of the only exception that may come, or null. */
  private String refusal(SegmentUpdate update, int length) {
    try {
      SegmentDecoder.decode(update, length, MAX_EXPONENT, decoded);
      return null;
    } catch (MalformedUpdateException e) {
      return e.reason() + ": " + e.getMessage();
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.fuzz;

import anabranch.protocol.codec.DecodedSegment;
import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.codec.EncodingSettings.Index;
import anabranch.protocol.codec.EncodingSettings.Value;
import anabranch.protocol.codec.IndexCode;
import anabranch.protocol.codec.Reference;
import anabranch.protocol.codec.SegmentDecoder;
import anabranch.protocol.codec.SegmentEncoder;
import anabranch.protocol.codec.SegmentUpdate;
import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.stream.IntStream;

/** What an honest client encodes, in any codes, from any values. */
class EncodedSegmentFuzzTest {

  private static final int MOST_ELEMENTS = 600;

  private final SegmentEncoder encoder = new SegmentEncoder();
  private final DecodedSegment decoded = new DecodedSegment();

  @FuzzTest(maxDuration = "")
  void decodesToTheElementsThatWereChosen(FuzzedDataProvider data) throws Exception {
    long seed = data.consumeLong();
    Index index = data.pickValue(Index.values());
    double fraction = index == Index.DENSE ? 1 : data.consumeProbabilityDouble();
    if (fraction == 0) {
      return;
    }
    Value value = data.pickValue(Value.values());
    EncodingSettings settings =
        new EncodingSettings(
            "any", Reference.DELTA, index, value, data.consumeInt(0, 16), fraction);
    float[] values = values(data);
    if (values.length == 0) {
      return;
    }
    SegmentUpdate update;
    try {
      update = encoder.encode(0, values, 0, values.length, Reference.DELTA, settings, seed);
    } catch (IllegalArgumentException e) {
      demand(value == Value.AFFINE, "only affine codes may be unable to span finite values");
      return;
    }

    SegmentDecoder.decode(update, values.length, SegmentDecoder.EVERY_FINITE, decoded);

    int[] indices =
        update.indexCode() instanceof IndexCode.Dense
            ? IntStream.range(0, values.length).toArray()
            : Arrays.copyOf(decoded.indices(), decoded.count());
    boolean everything = index == Index.SMALLEST && fraction == 1;
    if (index != Index.DENSE && index != Index.SEEDED && !everything) {
      demand(Arrays.equals(indices, largest(values, fraction)), "others than the largest came");
    }
    if (value == Value.F32) {
      for (int i = 0; i < indices.length; i++) {
        demand(decoded.values()[i] == values[indices[i]], "a float32 changed");
      }
    }
    long bytes = (long) update.index().length() + update.values().length();
    demand(
        bytes <= settings.maxBytes(values.length) || index == Index.SEEDED,
        "more bytes than the settings allow");
  }

  private static float[] values(FuzzedDataProvider data) {
    float[] values = new float[data.consumeInt(0, MOST_ELEMENTS)];
    for (int i = 0; i < values.length; i++) {
      float value = Float.intBitsToFloat(data.consumeInt());
      values[i] = Float.isFinite(value) ? value : i;
    }
    return values;
  }

  /** By sorting: of equal magnitudes the earlier, no zeros. */
  private static int[] largest(float[] values, double fraction) {
    return IntStream.range(0, values.length)
        .filter(i -> values[i] != 0)
        .boxed()
        .sorted((a, b) -> Float.compare(Math.abs(values[b]), Math.abs(values[a])))
        .limit((long) Math.max(1, Math.ceil(values.length * fraction)))
        .mapToInt(Integer::intValue)
        .sorted()
        .toArray();
  }

  private static void demand(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}

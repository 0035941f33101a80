// SPDX-License-Identifier: Apache-2.0
package anabranch.fuzz;

import anabranch.protocol.codec.DecodedSegment;
import anabranch.protocol.codec.EncodingAxes;
import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.codec.EncodingSettings.Fit;
import anabranch.protocol.codec.EncodingSettings.Index;
import anabranch.protocol.codec.EncodingSettings.Rounding;
import anabranch.protocol.codec.EncodingSettings.Selection;
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
    EncodingSettings settings = settings(data, index, fraction);
    float[] values = values(data);
    if (values.length == 0) {
      return;
    }
    SegmentUpdate update;
    try {
      update = encoder.encode(0, values, 0, values.length, Reference.DELTA, settings, seed);
    } catch (IllegalArgumentException e) {
      demand(
          settings.value() == Value.AFFINE || settings.unbiased(),
          "only affine codes and divided values may leave the range of floats");
      return;
    }

    SegmentDecoder.decode(update, values.length, SegmentDecoder.EVERY_FINITE, decoded);

    int[] indices =
        update.indexCode() instanceof IndexCode.Dense
            ? IntStream.range(0, values.length).toArray()
            : Arrays.copyOf(decoded.indices(), decoded.count());
    boolean everything = index == Index.SMALLEST && fraction == 1;
    boolean chosen = index != Index.DENSE && index != Index.SEEDED && !everything;
    if (chosen && settings.selection() == Selection.LARGEST && settings.group() == 1) {
      demand(Arrays.equals(indices, largest(values, fraction)), "others than the largest came");
    }
    if (settings.value() == Value.F32 && !settings.unbiased()) {
      for (int i = 0; i < indices.length; i++) {
        demand(decoded.values()[i] == values[indices[i]], "a float32 changed");
      }
    }
    long bytes = (long) update.index().length() + update.values().length();
    demand(
        bytes <= settings.maxBytes(values.length) || index == Index.SEEDED,
        "more bytes than the settings allow");
  }

  private static EncodingSettings settings(FuzzedDataProvider data, Index index, double fraction) {
    Fit fit = data.pickValue(Fit.values());
    int bits =
        switch (fit) {
          case MIN_MAX -> data.consumeInt(0, 16);
          case MEAN_MAGNITUDE -> data.consumeInt(0, 1);
          case SYMMETRIC -> data.consumeInt(2, 16);
        };
    Selection selection = data.pickValue(Selection.values());
    boolean listed = index != Index.DENSE && index != Index.SEEDED;
    return new EncodingAxes("any")
        .index(index, fraction)
        .selection(selection)
        .groups(listed && selection == Selection.LARGEST ? data.consumeInt(1, 5) : 1)
        .unbiased(index == Index.SEEDED && data.consumeBoolean())
        .affine(bits, fit, data.pickValue(Rounding.values()))
        .value(data.pickValue(Value.values()), bits)
        .build();
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

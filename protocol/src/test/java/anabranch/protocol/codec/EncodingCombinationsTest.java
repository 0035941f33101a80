// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import anabranch.protocol.codec.EncodingSettings.Index;
import anabranch.protocol.codec.EncodingSettings.Selection;
import anabranch.protocol.codec.EncodingSettings.Value;
import anabranch.protocol.codec.Presets.Quantization;
import anabranch.protocol.model.Segment;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every index code with every selection, value code, fit and rounding. */
class EncodingCombinationsTest {

  private static final int[] LENGTHS = {1, 2, 9, 64, 1000};
  private static final double[] FRACTIONS = {1e-3, .1, .5, 1};

  private final SegmentEncoder encoder = new SegmentEncoder();
  private final SegmentEncoder fresh = new SegmentEncoder();
  private final DecodedSegment decoded = new DecodedSegment();

  private static List<EncodingSettings> all(Index index) {
    List<EncodingSettings> all = new ArrayList<>();
    for (Selection selection : Selection.values()) {
      for (double fraction : index == Index.DENSE ? new double[] {1} : FRACTIONS) {
        for (Quantization quantization : Quantization.all()) {
          all.add(Presets.of(index, selection, fraction, false, quantization));
        }
      }
    }
    return all;
  }

  @ParameterizedTest
  @EnumSource(Index.class)
  void whatIsEncodedDecodesToTheChosenElementsWithinItsSize(Index index) {
    for (int length : LENGTHS) {
      for (Map.Entry<String, float[]> input : Inputs.ofLength(length).entrySet()) {
        for (EncodingSettings settings : all(index)) {
          demandSound(input.getKey(), input.getValue(), settings);
        }
      }
    }
  }

  @Test
  void theLongestSegmentToo() {
    Map<String, float[]> inputs = Inputs.ofLength(Segment.MAX_LENGTH);
    for (Quantization quantization : Quantization.all()) {
      for (Index index : new Index[] {Index.DENSE, Index.SEEDED, Index.SMALLEST}) {
        double fraction = index == Index.DENSE ? 1 : .03;
        EncodingSettings settings =
            Presets.of(index, Selection.LARGEST, fraction, false, quantization);
        demandSound("heavy-tailed", inputs.get("heavy-tailed"), settings);
      }
    }
  }

  private void demandSound(String name, float[] values, EncodingSettings settings) {
    int length = values.length;
    SegmentUpdate update = encoder.encode(0, values, 0, length, Reference.DELTA, settings, 17);
    float[] said = Inputs.dense(update, length, decoded);
    String what = name + ", " + settings;
    assertThat((long) update.index().length() + update.values().length())
        .as(what)
        .isLessThanOrEqualTo(settings.maxBytes(length));
    if (settings.value() == Value.F32) {
      for (int i = 0; i < decoded.count(); i++) {
        int element = decoded.dense() ? i : decoded.indices()[i];
        assertThat(said[element]).as(what).isEqualTo(values[element]);
      }
    }
    boolean chosen = settings.index() != Index.SEEDED && !decoded.dense();
    if (chosen && settings.selection() == Selection.LARGEST && settings.fraction() < 1) {
      demandLargest(what, values, settings.fraction());
    }
  }

  /** No element that was left out is larger than one that came, or as large and before it. */
  private void demandLargest(String what, float[] values, double fraction) {
    int count = decoded.count();
    float least = Float.POSITIVE_INFINITY;
    int last = -1;
    for (int i = 0; i < count; i++) {
      float magnitude = Math.abs(values[decoded.indices()[i]]);
      assertThat(magnitude).as(what).isPositive();
      if (magnitude <= least) {
        last = decoded.indices()[i];
        least = magnitude;
      }
    }
    boolean all = count < Math.max(1, Math.ceil(fraction * values.length));
    for (int i = 0, next = 0; i < values.length; i++) {
      if (next < count && decoded.indices()[next] == i) {
        next++;
      } else if (all) {
        assertThat(values[i]).as(what).isZero();
      } else {
        float magnitude = Math.abs(values[i]);
        assertThat(magnitude < least || magnitude == least && i > last).as(what).isTrue();
      }
    }
  }

  /** What one encoding leaves in the arrays must not show in the next. */
  @Test
  void sameInputGivesSameBytesWhateverWasEncodedBefore() {
    float[] values = Inputs.ofLength(1000).get("heavy-tailed");
    for (Index index : Index.values()) {
      for (EncodingSettings settings : all(index)) {
        SegmentUpdate once = encoder.encode(2, values, 0, 1000, Reference.DELTA, settings, 5);
        SegmentUpdate again = fresh.encode(2, values, 0, 1000, Reference.DELTA, settings, 5);
        assertThat(again).isEqualTo(once);
        fresh.encode(2, values, 300, 600, Reference.DELTA, settings, 6);
      }
    }
  }

  /** Clients train within ±2^E, and an update beyond it would be refused. */
  @ParameterizedTest
  @ValueSource(ints = {-126, -40, -25, -24, -3, 0, 1, 15, 16, 100, 126})
  void valuesWithinABoundAreEncodedWithinIt(int exponent) {
    for (int length : new int[] {2, 3, 100}) {
      for (long seed = 0; seed < 20; seed++) {
        float[] values = Inputs.within(Math.scalb(1f, exponent), length, seed);
        for (Index index : Index.values()) {
          for (EncodingSettings settings : all(index)) {
            SegmentUpdate update =
                encoder.encode(0, values, 0, length, Reference.DELTA, settings, seed);
            assertThatCode(() -> SegmentDecoder.check(update, length, exponent, decoded))
                .as(settings.toString())
                .doesNotThrowAnyException();
          }
        }
      }
    }
  }

  @Test
  void nothingGrowsButWhatIsReturned() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    float[] values = Inputs.ofLength(Segment.MAX_LENGTH).get("heavy-tailed");
    for (Index index : new Index[] {Index.DENSE, Index.SEEDED, Index.SMALLEST, Index.RICE}) {
      EncodingSettings settings =
          Presets.of(
              index,
              Selection.LARGEST,
              index == Index.DENSE ? 1 : .01,
              false,
              Presets.stochastic(4));
      long least = Long.MAX_VALUE;
      for (int again = 0; again < 5; again++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        SegmentUpdate update =
            encoder.encode(0, values, 0, values.length, Reference.DELTA, settings, again);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        int payload = update.index().length() + update.values().length();
        least = Math.min(least, allocated - payload);
      }
      assertThat(least).isLessThan(2048);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;

/** What an encoder may be given, by name. */
final class Inputs {

  /** Affine codes span twice this in one step. */
  private static final float HUGE = 0x1.0p126f;

  private Inputs() {}

  static Map<String, float[]> ofLength(int length) {
    SplittableRandom random = new SplittableRandom(length);
    Map<String, float[]> inputs = new LinkedHashMap<>();
    inputs.put("uniform", fill(length, i -> random.nextDouble(-1, 1)));
    inputs.put("heavy-tailed", fill(length, i -> Math.pow(random.nextDouble(-1, 1), 9)));
    inputs.put(
        "all magnitudes",
        fill(length, i -> Math.scalb(random.nextDouble(-1, 1), random.nextInt(-140, 126))));
    inputs.put("many ties", fill(length, i -> random.nextInt(-2, 3) / 4.0));
    inputs.put("mostly zeros", fill(length, i -> random.nextInt(20) == 0 ? random.nextInt(9) : 0));
    inputs.put("zeros", new float[length]);
    inputs.put("negative zeros", fill(length, i -> -0.0));
    inputs.put("constant", fill(length, i -> 0.1));
    inputs.put("all negative", fill(length, i -> -random.nextDouble()));
    inputs.put("denormals", fill(length, i -> random.nextInt(-300, 300) * Float.MIN_VALUE));
    inputs.put("huge", fill(length, i -> random.nextDouble(-1, 1) * HUGE));
    inputs.put("far from zero", fill(length, i -> 1e6 + random.nextInt(-4, 5)));
    float[] rising = fill(length, i -> i - length / 2.0);
    inputs.put("rising", rising);
    // A sample of every 32nd element sees the large ones alone.
    inputs.put("large where a sample looks", fill(length, i -> i % 32 == 16 ? 9 : 1e-3 * (i % 7)));
    return inputs;
  }

  private static float[] fill(int length, IntToDoubleFunction value) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) value.applyAsDouble(i);
    }
    return values;
  }

  /** Magnitudes up to {@code bound}, which is among them. */
  static float[] within(float bound, int length, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = fill(length, i -> bound * random.nextDouble(-1, 1));
    values[0] = -bound;
    values[length - 1] = bound;
    return values;
  }

  static double squares(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    return sum;
  }

  static double squaredDistance(float[] x, float[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += ((double) x[i] - y[i]) * ((double) x[i] - y[i]);
    }
    return sum;
  }

  /** What an update says of every element, 0 where it says nothing. */
  static float[] dense(SegmentUpdate update, int length, DecodedSegment scratch) {
    try {
      SegmentDecoder.decode(update, length, SegmentDecoder.EVERY_FINITE, scratch);
    } catch (MalformedUpdateException e) {
      throw new AssertionError("an encoder wrote what is refused", e);
    }
    if (scratch.dense()) {
      return Arrays.copyOf(scratch.values(), length);
    }
    float[] values = new float[length];
    for (int i = 0; i < scratch.count(); i++) {
      values[scratch.indices()[i]] = scratch.values()[i];
    }
    return values;
  }
}

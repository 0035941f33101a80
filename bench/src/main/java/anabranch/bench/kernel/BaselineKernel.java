// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.kernel;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What every other kernel is compared with: {@code float[] += float[]}, a segment in turn. */
@State(Scope.Thread)
public class BaselineKernel {

  private final float[][] sums = new float[Encoding.SEGMENTS][Encoding.LENGTH];
  private final float[][] values = values();
  private int next;

  private static float[][] values() {
    float[] parameters = Encoding.parameters();
    float[][] values = new float[Encoding.SEGMENTS][Encoding.LENGTH];
    for (int segment = 0; segment < values.length; segment++) {
      System.arraycopy(parameters, segment * Encoding.LENGTH, values[segment], 0, Encoding.LENGTH);
    }
    return values;
  }

  @Benchmark
  public float[] add() {
    next = (next + 1) % Encoding.SEGMENTS;
    float[] sum = sums[next];
    float[] value = values[next];
    for (int i = 0; i < sum.length; i++) {
      sum[i] += value[i];
    }
    return sum;
  }
}

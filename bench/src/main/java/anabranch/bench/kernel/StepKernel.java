// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.kernel;

import anabranch.protocol.codec.Reference;
import anabranch.udf.aggregation.AggregationRule;
import anabranch.udf.aggregation.FixedPointGrid;
import anabranch.udf.aggregation.SegmentSum;
import anabranch.udf.aggregation.ServerStep;
import java.util.Arrays;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The next version of a segment out of a round's sum; a segment in turn. */
@State(Scope.Thread)
public class StepKernel {

  private static final int WEIGHT = 600;
  private static final ServerStep STEP = new ServerStep(Reference.DELTA, 1);
  private static final FixedPointGrid GRID = FixedPointGrid.of(16, WEIGHT, 100);

  @Param({"WEIGHTED_MEAN", "COORDINATE_COUNT_MEAN"})
  public AggregationRule rule;

  private final float[][] models = new float[Encoding.SEGMENTS][];
  private final SegmentSum[] sums = new SegmentSum[Encoding.SEGMENTS];
  private int next;

  @Setup
  public void begin() {
    float[] parameters = Encoding.parameters();
    for (int segment = 0; segment < Encoding.SEGMENTS; segment++) {
      int from = segment * Encoding.LENGTH;
      models[segment] = Arrays.copyOfRange(parameters, from, from + Encoding.LENGTH);
      sums[segment] = SegmentSum.zero(rule, Encoding.LENGTH);
      for (int i = 0; i < Encoding.LENGTH; i++) {
        sums[segment].units()[i] = (long) i << 20;
      }
      if (sums[segment].presence() != null) {
        Arrays.fill(sums[segment].presence(), WEIGHT);
      }
    }
  }

  @Benchmark
  public float[] step() {
    next = (next + 1) % Encoding.SEGMENTS;
    models[next] = STEP.apply(models[next], sums[next], WEIGHT, GRID);
    return models[next];
  }
}

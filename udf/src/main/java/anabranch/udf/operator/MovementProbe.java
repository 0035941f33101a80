// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.operator;

import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Segment;
import anabranch.udf.message.Order;
import anabranch.udf.movement.Movement;
import anabranch.udf.movement.MovementSample;
import anabranch.udf.movement.MovementTrace;
import java.io.IOException;
import java.util.stream.IntStream;
import org.apache.flink.api.common.state.ValueState;

/** Follows a sample of each segment through its versions. */
final class MovementProbe {

  private final ModelManifest manifest;

  /** Set by a close that measures, cleared by one that does not. */
  private final ValueState<MovementTrace> trace;

  MovementProbe(ModelManifest manifest, ValueState<MovementTrace> trace) {
    this.manifest = manifest;
    this.trace = trace;
  }

  /**
   * @param probe null to measure nothing
   * @param old values of the segment before the round
   * @param next values after it
   * @return null if nothing was to be measured
   */
  Movement measure(Order.Probe probe, Segment segment, float[] old, float[] next)
      throws IOException {
    if (probe == null) {
      // On RocksDB to clear is to write, whether anything is there or not.
      if (trace.value() != null) {
        trace.clear();
      }
      return null;
    }
    int[] sample = MovementSample.of(manifest, segment, probe.seed());
    MovementTrace before = trace.value();
    if (before == null || !before.isOf(probe.seed(), sample.length)) {
      before = MovementTrace.begin(probe.seed(), values(old, sample));
    }
    MovementTrace after = before.after(values(next, sample), probe.window());
    trace.update(after);
    return after.movement();
  }

  private static float[] values(float[] of, int[] sample) {
    float[] values = new float[sample.length];
    IntStream.range(0, sample.length).forEach(i -> values[i] = of[sample[i]]);
    return values;
  }
}

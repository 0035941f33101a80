// SPDX-License-Identifier: Apache-2.0
package anabranch.quickstart;

import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.message.BlockGrid;
import anabranch.protocol.message.ClientUpdate;
import anabranch.protocol.message.Plan;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Segment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The model that follows from what was sent, dense as float32, after the sum in the protocol's page
 * and without the job's code.
 */
final class MeanOfSent {

  private final ModelManifest manifest;
  private final List<float[]> weights = new ArrayList<>();

  MeanOfSent(ModelManifest manifest, List<float[]> initial) {
    this.manifest = manifest;
    initial.forEach(vector -> weights.add(vector.clone()));
  }

  /** Closes a round. */
  void close(Plan plan, List<List<ClientUpdate>> updates) {
    long total = updates.stream().mapToLong(parts -> parts.get(0).samples()).sum();
    for (BlockGrid grid : plan.grids()) {
      long[] sum = new long[weights.get(grid.block()).length];
      updates.forEach(parts -> parts.forEach(part -> add(part, grid, sum)));
      float[] theta = weights.get(grid.block());
      for (int i = 0; i < theta.length; i++) {
        theta[i] = (float) (theta[i] + Math.scalb((double) sum[i], grid.unitExponent()) / total);
      }
    }
  }

  private void add(ClientUpdate part, BlockGrid grid, long[] sum) {
    for (SegmentUpdate update : part.segments()) {
      Segment segment = manifest.segments().get(update.segment());
      if (segment.block() == grid.block()) {
        FloatBuffer values =
            ByteBuffer.wrap(
                    update.values().array(), update.values().offset(), update.values().length())
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        double scale = Math.scalb((double) part.samples(), -grid.unitExponent());
        for (int i = 0; i < segment.length(); i++) {
          sum[segment.offset() + i] += (long) Math.rint(scale * values.get(i));
        }
      }
    }
  }

  float[] weights(int block) {
    return weights.get(block);
  }
}

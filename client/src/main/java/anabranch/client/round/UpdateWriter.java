// SPDX-License-Identifier: Apache-2.0
package anabranch.client.round;

import anabranch.client.train.TrainingResult;
import anabranch.protocol.avro.UpdateParts;
import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.codec.Reference;
import anabranch.protocol.codec.SegmentEncoder;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.message.ClientUpdate;
import anabranch.protocol.message.Plan;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Role;
import anabranch.protocol.model.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes what was trained as the plan asks for it.
 *
 * @param clientId as checked in
 * @param session as checked in
 */
record UpdateWriter(String clientId, long session) {

  /**
   * The update's parts, each within the limit of a record.
   *
   * @param received the weights that the training began with, by block index
   * @throws IllegalArgumentException if the trainer gave other blocks than the plan's, or values
   *     that are not finite
   */
  List<ClientUpdate> write(
      Plan plan, ModelManifest manifest, Map<Integer, float[]> received, TrainingResult trained) {
    long seed = ClientSeed.of(plan.seed(), clientId);
    List<SegmentUpdate> segments = new ArrayList<>();
    for (int block : plan.trainBlocks()) {
      float[] after = trained.blocks().get(block);
      float[] before = received.get(block);
      if (after == null || after.length != before.length) {
        throw new IllegalArgumentException(
            "the trainer returned %s values for block %d, expected %d"
                .formatted(after == null ? "no" : after.length, block, before.length));
      }
      for (Segment segment : manifest.segmentsOf(block)) {
        segments.add(encode(plan, segment, before, after, seed));
      }
    }
    return UpdateParts.split(
        new ClientUpdate(
            clientId,
            session,
            plan.planId(),
            plan.round(),
            0,
            1,
            trained.samples(),
            trained.metrics(),
            segments,
            null,
            null));
  }

  private static SegmentUpdate encode(
      Plan plan, Segment segment, float[] before, float[] after, long seed) {
    Reference reference =
        segment.role() == Role.BUFFER ? Reference.WEIGHTS : plan.encoding().reference();
    float[] values = new float[segment.length()];
    for (int i = 0; i < values.length; i++) {
      int at = segment.offset() + i;
      values[i] = reference == Reference.DELTA ? after[at] - before[at] : after[at];
    }
    return SegmentEncoder.encode(
        segment.index(),
        values,
        0,
        values.length,
        reference,
        segment.role() == Role.BUFFER ? EncodingSettings.DENSE_F32 : plan.encoding(),
        seed + segment.index());
  }
}

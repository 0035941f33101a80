// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.operator;

import anabranch.protocol.Bytes;
import anabranch.protocol.avro.Records;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.message.ModelDelta;
import anabranch.protocol.message.ModelSegment;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Segment;
import anabranch.udf.message.Publication;
import java.nio.charset.StandardCharsets;

/** Makes the records of the model topic and of the deltas topic. */
final class SegmentPublisher {

  private final ModelManifest manifest;
  private final int modelPartitions;
  private final int deltasPartitions;

  SegmentPublisher(ModelManifest manifest, int modelPartitions, int deltasPartitions) {
    this.manifest = manifest;
    this.modelPartitions = modelPartitions;
    this.deltasPartitions = deltasPartitions;
  }

  /**
   * @param values as {@link Bytes#ofFloats} gives them
   */
  Publication whole(Segment segment, long version, Bytes values, long timestamp) {
    return new Publication(
        Publication.Topic.MODEL,
        segment.index() % modelPartitions,
        manifest.ringKey(segment, version).getBytes(StandardCharsets.UTF_8),
        Records.encode(new ModelSegment(segment.block(), segment.index(), version, values)),
        timestamp);
  }

  /** Without a key, which nobody needs: the topic is not compacted and the record says all. */
  Publication delta(
      Segment segment, long version, long fromVersion, SegmentUpdate change, long timestamp) {
    return new Publication(
        Publication.Topic.DELTAS,
        segment.index() % deltasPartitions,
        null,
        Records.encode(new ModelDelta(segment.block(), version, fromVersion, change)),
        timestamp);
  }
}

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
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Makes the records of the model topic and of the deltas topic, which lie on equal partitions. */
final class SegmentPublisher {

  private final ModelManifest manifest;
  private final int partitions;

  SegmentPublisher(ModelManifest manifest, int partitions) {
    this.manifest = manifest;
    this.partitions = partitions;
  }

  /** Values as they travel, and as digests are taken of them. */
  static byte[] bytes(float[] values) {
    byte[] bytes = new byte[values.length * Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
    return bytes;
  }

  /**
   * @param values as {@link #bytes} gives them
   */
  Publication whole(Segment segment, long version, byte[] values, long timestamp) {
    return publication(
        Publication.Topic.MODEL,
        segment,
        manifest.ringKey(segment, version),
        Records.encode(
            new ModelSegment(segment.block(), segment.index(), version, Bytes.of(values))),
        timestamp);
  }

  Publication delta(
      Segment segment, long version, long fromVersion, SegmentUpdate change, long timestamp) {
    ModelDelta delta = new ModelDelta(segment.block(), version, fromVersion, change);
    return publication(
        Publication.Topic.DELTAS, segment, delta.key(), Records.encode(delta), timestamp);
  }

  private Publication publication(
      Publication.Topic topic, Segment segment, String key, byte[] value, long timestamp) {
    return new Publication(
        topic,
        segment.index() % partitions,
        key.getBytes(StandardCharsets.UTF_8),
        value,
        timestamp);
  }
}

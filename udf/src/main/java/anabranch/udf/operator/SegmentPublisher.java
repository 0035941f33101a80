// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.operator;

import anabranch.protocol.Bytes;
import anabranch.protocol.avro.Records;
import anabranch.protocol.message.ModelSegment;
import anabranch.protocol.model.Digest;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Segment;
import anabranch.udf.message.Publication;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Makes the model topic's records. */
final class SegmentPublisher {

  private final ModelManifest manifest;
  private final int partitions;
  private Digest digest;

  SegmentPublisher(ModelManifest manifest, int partitions) {
    this.manifest = manifest;
    this.partitions = partitions;
  }

  Publication publication(Segment segment, long version, float[] values, long timestamp) {
    byte[] bytes = new byte[values.length * Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
    digest = Digest.ofContent(bytes, 0, bytes.length);
    return new Publication(
        Publication.Topic.MODEL,
        segment.index() % partitions,
        manifest.ringKey(segment, version).getBytes(StandardCharsets.UTF_8),
        Records.encode(
            new ModelSegment(segment.block(), segment.index(), version, Bytes.of(bytes))),
        timestamp);
  }

  /** Digest of the values last published. */
  Digest digest() {
    return digest;
  }
}

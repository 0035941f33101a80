// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.codec.SegmentTransform;
import anabranch.protocol.codec.TransformCode;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Role;
import anabranch.protocol.model.Segment;
import java.util.List;

/** How large an update may be: what bounds the payloads that wait. */
public final class UpdateSize {

  private UpdateSize() {}

  /** Payload bytes of one segment: buffers travel as dense float32 whatever the encoding. */
  public static long most(ModelManifest manifest, Segment segment, EncodingSettings encoding) {
    if (segment.role() == Role.BUFFER) {
      return EncodingSettings.DENSE_F32.maxBytes(segment.length());
    }
    // The seed has no influence on the number of coefficients.
    TransformCode transform = encoding.transformCode(0);
    return encoding
        .ofBlock(manifest, segment.block())
        .maxBytes(SegmentTransform.of(transform, manifest, segment).coefficients());
  }

  /** Payload bytes of an update of some blocks. */
  public static long most(ModelManifest manifest, List<Integer> blocks, EncodingSettings encoding) {
    return blocks.stream()
        .flatMap(block -> manifest.segmentsOf(block).stream())
        .mapToLong(segment -> most(manifest, segment, encoding))
        .sum();
  }
}

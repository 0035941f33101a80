// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.operator;

import anabranch.protocol.codec.DecodedSegment;
import anabranch.protocol.codec.MalformedUpdateException;
import anabranch.protocol.codec.SegmentDecoder;
import anabranch.protocol.codec.SegmentTransform;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.model.ModelManifest;
import anabranch.udf.message.SegmentPayload;

/** Decodes payloads into one array that is used again and again. */
final class PayloadDecoder {

  private final ModelManifest manifest;
  private final DecodedSegment decoded = new DecodedSegment();

  PayloadDecoder(ModelManifest manifest) {
    this.manifest = manifest;
  }

  /** What was decoded last. */
  DecodedSegment decoded() {
    return decoded;
  }

  /**
   * Decodes what was checked when it was admitted, against its own bound.
   *
   * @return number of the segment's coefficients
   */
  int decodeAdmitted(SegmentPayload payload) {
    SegmentUpdate update = payload.update();
    int coefficients =
        SegmentTransform.of(update.transform(), manifest, manifest.segments().get(update.segment()))
            .coefficients();
    try {
      SegmentDecoder.decodeChecked(update, coefficients, decoded);
      return coefficients;
    } catch (MalformedUpdateException e) {
      throw new IllegalStateException(
          "record %s decoded when it was admitted and does not now".formatted(payload.id()), e);
    }
  }

  /** Decodes what this or an earlier job has published. */
  void decodePublished(SegmentPayload payload) {
    int segment = payload.update().segment();
    try {
      SegmentDecoder.decode(
          payload.update(),
          manifest.segments().get(segment).length(),
          SegmentDecoder.EVERY_FINITE,
          decoded);
    } catch (MalformedUpdateException e) {
      throw new IllegalStateException(
          "segment %d of the announced model, record %s, cannot be loaded (%s):"
                  .formatted(segment, payload.id(), e.getMessage())
              + " no job of this release writes that; initialise the model under another name",
          e);
    }
  }
}

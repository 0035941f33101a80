// SPDX-License-Identifier: Apache-2.0
package anabranch.client.round;

import anabranch.client.state.Residuals;
import anabranch.client.train.Subspace;
import anabranch.protocol.codec.DecodedSegment;
import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.codec.IndexCode;
import anabranch.protocol.codec.MalformedUpdateException;
import anabranch.protocol.codec.Reference;
import anabranch.protocol.codec.SegmentDecoder;
import anabranch.protocol.codec.SegmentTransform;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.codec.TransformCode;
import anabranch.protocol.message.Plan;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Role;
import anabranch.protocol.model.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Encodes what one client trained for one plan, as the plan asks for it. Parameters are encoded as
 * coefficients of the plan's transform, buffers always as they are. Not safe for several threads.
 *
 * <p>With error feedback the residual e of a block is added to what is encoded, and what the
 * encoding leaves out of the sum is kept: {@code e' = (x + e) − decoded}, in float32.
 */
public final class UpdateEncoder {

  private final Plan plan;
  private final ModelManifest manifest;
  private final TransformCode transform;
  private final long seed;

  /**
   * @param clientId as checked in
   * @param manifest of the model that the plan is for
   */
  public UpdateEncoder(String clientId, Plan plan, ModelManifest manifest) {
    this.plan = plan;
    this.manifest = manifest;
    this.transform = plan.encoding().transformCode(plan.seed());
    this.seed = ClientSeed.of(plan.seed(), clientId);
  }

  /**
   * Where training may move to, if the plan asks for what the encoding can express alone.
   *
   * @throws IllegalArgumentException if that is a subset of a transform's coefficients
   */
  public Optional<Subspace> subspace() {
    EncodingSettings encoding = plan.encoding();
    boolean seeded = encoding.index() == EncodingSettings.Index.SEEDED;
    boolean plain = transform instanceof TransformCode.Plain;
    if (!encoding.restricted() || plain && !seeded) {
      return Optional.empty();
    }
    if (seeded && !plain) {
      throw new IllegalArgumentException(
          "%s: training can be restricted to drawn elements or to a transform's image, not to both"
              .formatted(encoding.preset()));
    }
    return Optional.of(
        seeded
            ? EncodableSubspace.ofElements(
                manifest,
                segment ->
                    new IndexCode.Seeded(
                        elementSeed(segment),
                        encoding.ofBlock(manifest, segment.block()).fraction()))
            : EncodableSubspace.ofImage(manifest, transform));
  }

  /**
   * All segments of the plan's trained blocks, in order.
   *
   * @param received the weights that the training began with, by block index
   * @param trained the weights that it ended with
   * @param residuals are read and written only if the plan asks for error feedback
   * @throws IllegalArgumentException if the trained blocks are others than the plan's, or have
   *     values that are not finite
   */
  public List<SegmentUpdate> encode(
      Map<Integer, float[]> received, Map<Integer, float[]> trained, Residuals residuals) {
    try (EncodingScratch scratch = EncodingScratch.take()) {
      return encode(received, trained, residuals, scratch);
    }
  }

  private List<SegmentUpdate> encode(
      Map<Integer, float[]> received,
      Map<Integer, float[]> trained,
      Residuals residuals,
      EncodingScratch scratch) {
    List<SegmentUpdate> segments = new ArrayList<>();
    for (int block : plan.trainBlocks()) {
      float[] after = trained.get(block);
      float[] before = received.get(block);
      if (after == null || after.length != before.length) {
        throw new IllegalArgumentException(
            "the trainer returned %s values for block %d, expected %d"
                .formatted(after == null ? "no" : after.length, block, before.length));
      }
      if (plan.encoding().errorFeedback()) {
        float[] residual = residuals.of(block, before.length);
        segments.addAll(encode(block, before, after, residual, scratch));
        residuals.keep(block, residual);
      } else {
        segments.addAll(encode(block, before, after, null, scratch));
      }
    }
    return segments;
  }

  /**
   * @param residual replaced by what is left out now; null without error feedback
   */
  private List<SegmentUpdate> encode(
      int block, float[] before, float[] after, float[] residual, EncodingScratch scratch) {
    EncodingSettings encoding = plan.encoding().ofBlock(manifest, block);
    List<SegmentUpdate> segments = new ArrayList<>();
    for (Segment segment : manifest.segmentsOf(block)) {
      segments.add(
          segment.role() == Role.BUFFER
              ? encodeBuffer(segment, after, scratch)
              : encode(segment, encoding, before, after, residual, scratch));
    }
    return segments;
  }

  private SegmentUpdate encodeBuffer(Segment segment, float[] after, EncodingScratch scratch) {
    return scratch
        .encoder()
        .encode(
            segment.index(),
            after,
            segment.offset(),
            segment.length(),
            Reference.WEIGHTS,
            EncodingSettings.DENSE_F32,
            elementSeed(segment));
  }

  private SegmentUpdate encode(
      Segment segment,
      EncodingSettings encoding,
      float[] before,
      float[] after,
      float[] residual,
      EncodingScratch scratch) {
    int length = segment.length();
    float[] values = scratch.values(length);
    for (int i = 0; i < length; i++) {
      int at = segment.offset() + i;
      float value = encoding.reference() == Reference.DELTA ? after[at] - before[at] : after[at];
      values[i] = residual == null ? value : value + residual[at];
    }
    SegmentTransform map = SegmentTransform.of(transform, manifest, segment, scratch.factors());
    float[] coefficients = values;
    if (!map.isIdentity()) {
      coefficients = scratch.coefficients(map.coefficients());
      map.forward(values, coefficients);
    }
    SegmentUpdate update =
        scratch
            .encoder()
            .encode(
                segment.index(),
                coefficients,
                0,
                map.coefficients(),
                encoding.reference(),
                encoding,
                elementSeed(segment))
            .of(transform);
    if (residual != null) {
      double[] said = decode(update, map, segment, scratch);
      for (int i = 0; i < length; i++) {
        residual[segment.offset() + i] = (float) (values[i] - said[i]);
      }
    }
    return update;
  }

  /** Of what this client draws for a segment: the elements of a seeded index, and rounding. */
  private long elementSeed(Segment segment) {
    return seed + segment.index();
  }

  /** The elements that an update says, from the front. */
  private static double[] decode(
      SegmentUpdate update, SegmentTransform map, Segment segment, EncodingScratch scratch) {
    DecodedSegment decoded = scratch.decoded();
    try {
      SegmentDecoder.decode(update, map.coefficients(), SegmentDecoder.EVERY_FINITE, decoded);
    } catch (MalformedUpdateException e) {
      throw new IllegalStateException(
          "segment %d: what was encoded cannot be decoded".formatted(segment.index()), e);
    }
    double[] said = scratch.said(map.coefficients());
    for (int i = 0; i < decoded.count(); i++) {
      said[decoded.dense() ? i : decoded.indices()[i]] = decoded.values()[i];
    }
    if (map.isIdentity()) {
      return said;
    }
    double[] elements = scratch.elements(segment.length());
    map.inverse(said, elements);
    return elements;
  }
}

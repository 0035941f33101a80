// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.testkit;

import anabranch.protocol.Bytes;
import anabranch.protocol.avro.Records;
import anabranch.protocol.codec.IndexCode;
import anabranch.protocol.codec.Reference;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.codec.ValueCode;
import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.BlockVersion;
import anabranch.protocol.model.Digest;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Role;
import anabranch.protocol.model.Segment;
import anabranch.protocol.model.Segmenter;
import anabranch.protocol.model.Segmenter.BlockShape;
import anabranch.protocol.model.Segmenter.TensorShape;
import anabranch.protocol.model.Stage;
import anabranch.udf.message.Header;
import anabranch.udf.message.RecordId;
import anabranch.udf.message.SegmentPayload;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A model of three blocks in five segments.
 *
 * <pre>
 * segment  block     role       elements
 * 0        0 stem    parameter  6
 * 1        0 stem    buffer     2
 * 2        1 body    parameter  4
 * 3        2 head    parameter  3
 * 4        2 head    auxiliary  2
 * </pre>
 */
public final class Models {

  public static final String FEDERATION = "test";

  public static final ModelManifest MANIFEST =
      Segmenter.manifest(
          "tiny",
          Map.of(),
          4,
          List.of(
              new BlockShape(
                  "stem",
                  List.of(
                      new TensorShape("stem.weight", List.of(2, 3), Role.PARAMETER),
                      new TensorShape("stem.mean", List.of(2), Role.BUFFER))),
              new BlockShape(
                  "body", List.of(new TensorShape("body.weight", List.of(4), Role.PARAMETER))),
              new BlockShape(
                  "head",
                  List.of(
                      new TensorShape("head.weight", List.of(3), Role.PARAMETER),
                      new TensorShape("head.projection", List.of(2), Role.AUXILIARY)))));

  private Models() {}

  /** The same model, with stages. */
  public static ModelManifest staged(Stage... stages) {
    return new ModelManifest(
        MANIFEST.architecture(),
        MANIFEST.settings(),
        MANIFEST.ring(),
        MANIFEST.blocks(),
        MANIFEST.segments(),
        List.of(stages));
  }

  /** Element i of segment s at version v has the value s + i/8 + v. */
  public static float[] values(int segment, long version) {
    float[] values = new float[MANIFEST.segments().get(segment).length()];
    for (int i = 0; i < values.length; i++) {
      values[i] = segment + i / 8f + version;
    }
    return values;
  }

  public static byte[] bytes(float[] values) {
    byte[] bytes = new byte[values.length * Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
    return bytes;
  }

  public static float[] floats(Bytes bytes) {
    float[] values = new float[bytes.length() / Float.BYTES];
    ByteBuffer.wrap(bytes.toArray()).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }

  public static Digest digest(float[] values) {
    byte[] bytes = bytes(values);
    return Digest.ofContent(bytes, 0, bytes.length);
  }

  /** Digest of a block whose segments have the values of a version. */
  public static Digest blockDigest(int block, long version) {
    return Digest.ofBlock(
        MANIFEST.segmentsOf(block).stream()
            .map(segment -> digest(values(segment.index(), version)))
            .toList());
  }

  public static Digest manifestDigest() {
    byte[] record = Records.encode(MANIFEST);
    return Digest.ofContent(record, 0, record.length);
  }

  /** What {@code model init} announces: version 0 of every block, no plan. */
  public static Announcement initial() {
    return announced(0, 0, 0);
  }

  /** An announcement without a plan, all blocks at one version. */
  public static Announcement announced(int incarnation, long sequence, long version) {
    return new Announcement(
        FEDERATION,
        incarnation,
        sequence,
        version,
        manifestDigest(),
        IntStream.range(0, MANIFEST.blocks().size())
            .mapToObj(b -> new BlockVersion(b, version, version, blockDigest(b, version), 0))
            .toList(),
        Announcement.State.RUNNING,
        "",
        null,
        null);
  }

  /** The header of a segment that was read from the model topic. */
  public static Header.Loaded loaded(int segment, long version, long offset) {
    return new Header.Loaded(
        new RecordId(RecordId.Source.MODEL, 0, offset),
        segment,
        version,
        digest(values(segment, version)));
  }

  /** The header of a change that was read from the deltas topic. */
  public static Header.LoadedDelta loadedDelta(int segment, long version, long fromVersion) {
    return new Header.LoadedDelta(
        new RecordId(RecordId.Source.DELTAS, segment, version), segment, version, fromVersion);
  }

  /** The payload that belongs to {@link #loaded}. */
  public static SegmentPayload payload(int segment, long version, long offset) {
    Segment described = MANIFEST.segments().get(segment);
    return new SegmentPayload(
        new RecordId(RecordId.Source.MODEL, 0, offset),
        new SegmentUpdate(
            segment,
            Reference.WEIGHTS,
            described.length(),
            new IndexCode.Dense(),
            Bytes.EMPTY,
            new ValueCode.F32(),
            Bytes.of(bytes(values(segment, version)))));
  }
}

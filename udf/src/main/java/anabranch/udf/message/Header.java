// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.message;

import anabranch.protocol.Bytes;
import anabranch.protocol.codec.Reference;
import anabranch.protocol.codec.TransformCode;
import anabranch.protocol.message.ClientCheckIn;
import anabranch.protocol.message.StageDecision;
import anabranch.protocol.model.Digest;
import java.util.Map;

/**
 * What the control plane sees of a consumed record. <em>validate</em> sends exactly one for every
 * record, garbage included; all decisions and counts rest on headers.
 */
public sealed interface Header {

  RecordId id();

  /**
   * A part of an update that decodes completely.
   *
   * @param id where the record lies
   * @param size bytes of the record
   * @param clientId as it says
   * @param session as it says
   * @param planId as it says
   * @param round as it says
   * @param part number of this part
   * @param parts number of parts
   * @param samples as it says
   * @param metrics as it says
   * @param segments indices of the segments in it, rising
   * @param parameters what its parameters came as, or null when it brings buffers alone
   * @param transform what they are coefficients of; plain when it brings buffers alone
   * @param payloadBytes index and value bytes
   * @param denseBytes what its segments would take as dense float32
   * @param sketch of its values, see {@link anabranch.udf.similarity.UpdateSketch}; empty when
   *     nobody asked for it
   * @param prefix the record's first bytes, for the rejected topic
   */
  record Update(
      RecordId id,
      int size,
      String clientId,
      long session,
      long planId,
      long round,
      int part,
      int parts,
      long samples,
      Map<String, Double> metrics,
      int[] segments,
      Reference parameters,
      TransformCode transform,
      long payloadBytes,
      long denseBytes,
      float[] sketch,
      Bytes prefix)
      implements Header {}

  /**
   * A record that cannot be used.
   *
   * @param id where the record lies
   * @param size bytes of the record
   * @param reason name of the rule that it broke
   * @param detail what was found
   * @param clientId as it says, or null when it could not be read
   * @param planId as it says, or 0
   * @param prefix the record's first bytes
   */
  record Unusable(
      RecordId id,
      int size,
      String reason,
      String detail,
      String clientId,
      long planId,
      Bytes prefix)
      implements Header {}

  /** A client that checks in or says that it leaves. */
  record CheckIn(RecordId id, ClientCheckIn checkIn) implements Header {}

  /** A tombstone on the clients topic. */
  record Gone(RecordId id, String clientId) implements Header {}

  /**
   * A segment read from the model topic at the start.
   *
   * @param id where the record lies
   * @param segment index in the manifest
   * @param version of its block
   * @param digest of its values
   */
  record Loaded(RecordId id, int segment, long version, Digest digest) implements Header {}

  /**
   * A change of a segment read from the deltas topic at the start.
   *
   * @param id where the record lies
   * @param segment index in the manifest
   * @param version of its block that it leads to
   * @param fromVersion of its block that it leads from
   */
  record LoadedDelta(RecordId id, int segment, long version, long fromVersion) implements Header {}

  /** What the job has decided about a stage, read from the control topic. */
  record Decided(RecordId id, StageDecision decision) implements Header {}
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.message;

import anabranch.protocol.Bytes;
import anabranch.protocol.codec.SegmentUpdate;
import java.util.List;
import java.util.Map;

/**
 * One part of a client's answer to a plan, on {@code <f>.updates} under the key of its client id.
 *
 * @param clientId as checked in
 * @param session as checked in
 * @param planId of the plan that it answers
 * @param round of that plan
 * @param part number of this record, 0 to {@code parts - 1}
 * @param parts number of records of the whole update, the same in all, at most the number of the
 *     manifest's segments
 * @param samples training samples behind the update, at least 1, the same in all parts
 * @param metrics what the client measured ({@code loss}, {@code accuracy}, {@code seconds}, …);
 *     those of part 0 count
 * @param segments each segment at most once over all parts; together exactly those of the plan's
 *     trained blocks
 * @param keyId which key signed, or null; reserved
 * @param signature over the record without this field, or null; reserved
 */
public record ClientUpdate(
    String clientId,
    long session,
    long planId,
    long round,
    int part,
    int parts,
    long samples,
    Map<String, Double> metrics,
    List<SegmentUpdate> segments,
    String keyId,
    Bytes signature) {

  public ClientUpdate {
    metrics = Map.copyOf(metrics);
    segments = List.copyOf(segments);
  }
}

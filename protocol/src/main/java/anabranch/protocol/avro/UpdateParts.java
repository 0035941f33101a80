// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.avro;

import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.message.ClientUpdate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Cuts a client's update into records that each stay under {@link Records#MAX_BYTES}. */
public final class UpdateParts {

  private UpdateParts() {}

  /**
   * As few parts as the segments fill in their order, a segment never cut. The metrics go with part
   * 0, since only those count.
   *
   * @param whole the update as if it fitted one record, part 0 of 1
   * @return the parts in order; {@code whole} itself when it fits
   * @throws IllegalArgumentException if one segment alone is too large, or the update is cut
   *     already, signed, or has no segments
   */
  public static List<ClientUpdate> split(ClientUpdate whole) {
    return split(whole, Records.MAX_BYTES);
  }

  static List<ClientUpdate> split(ClientUpdate whole, int limit) {
    if (whole.parts() != 1
        || whole.part() != 0
        || whole.segments().isEmpty()
        || whole.signature() != null) {
      throw new IllegalArgumentException(
          "only a whole, unsigned update with segments can be cut, not part %d of %d with %d segments"
              .formatted(whole.part(), whole.parts(), whole.segments().size()));
    }
    if (Records.UPDATE.size(whole) <= limit) {
      return List.of(whole);
    }
    List<List<SegmentUpdate>> runs = runs(whole, limit);
    List<ClientUpdate> parts = new ArrayList<>();
    for (List<SegmentUpdate> run : runs) {
      parts.add(part(whole, parts.size(), runs.size(), run));
    }
    return parts;
  }

  private static List<List<SegmentUpdate>> runs(ClientUpdate whole, int limit) {
    // Numbers that are not known yet count as if every segment were a part of its own.
    int most = whole.segments().size();
    long others = Records.UPDATE.size(part(whole, most, most, List.of()));
    List<List<SegmentUpdate>> runs = new ArrayList<>();
    long room = 0;
    for (SegmentUpdate segment : whole.segments()) {
      long cost = Records.UPDATE.size(part(whole, most, most, List.of(segment))) - others;
      if (runs.isEmpty()) {
        runs.add(new ArrayList<>());
        room = limit - Records.UPDATE.size(part(whole, 0, most, List.of()));
      } else if (cost > room) {
        runs.add(new ArrayList<>());
        room = limit - others;
      }
      if (cost > room) {
        throw new IllegalArgumentException(
            "segment %d takes %d bytes of a record that has room for %d"
                .formatted(segment.segment(), cost, room));
      }
      runs.get(runs.size() - 1).add(segment);
      room -= cost;
    }
    return runs;
  }

  private static ClientUpdate part(
      ClientUpdate whole, int part, int parts, List<SegmentUpdate> segments) {
    return new ClientUpdate(
        whole.clientId(),
        whole.session(),
        whole.planId(),
        whole.round(),
        part,
        parts,
        whole.samples(),
        part == 0 ? whole.metrics() : Map.of(),
        segments,
        whole.keyId(),
        null);
  }
}

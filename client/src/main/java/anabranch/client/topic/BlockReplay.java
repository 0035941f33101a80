// SPDX-License-Identifier: Apache-2.0
package anabranch.client.topic;

import anabranch.protocol.Bytes;
import anabranch.protocol.codec.DecodedSegment;
import anabranch.protocol.codec.MalformedUpdateException;
import anabranch.protocol.codec.SegmentDecoder;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.codec.TransformCode;
import anabranch.protocol.message.BlockVersion;
import anabranch.protocol.message.ModelDelta;
import anabranch.protocol.model.Digest;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Segment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Brings a block from a version that is here to an announced one: gathers the changes between them
 * and applies them in float32, as the job did. They are chained by the version that each leads
 * from, so changes of a timeline that was lost never come into it, and the digest tells in the end.
 */
public final class BlockReplay {

  private record Change(ModelDelta delta, int partition, long offset) {}

  private final ModelManifest manifest;
  private final HeldBlock from;
  private final BlockVersion wanted;

  /** Changes by segment, in the manifest's order, and by the version that they lead to. */
  private final List<Map<Long, Change>> changes = new ArrayList<>();

  private final int firstSegment;
  private long bytes;
  private int taken;

  /**
   * @param from what is here
   * @param wanted a later version of the same block
   */
  BlockReplay(ModelManifest manifest, HeldBlock from, BlockVersion wanted) {
    this.manifest = manifest;
    this.from = from;
    this.wanted = wanted;
    List<Segment> segments = manifest.segmentsOf(wanted.block());
    firstSegment = segments.get(0).index();
    segments.forEach(segment -> changes.add(new HashMap<>()));
  }

  /** Index of the block. */
  public int block() {
    return wanted.block();
  }

  BlockVersion wanted() {
    return wanted;
  }

  /** Offsets to go on from, by partition, as far as they are known. */
  Map<Integer, Long> positions() {
    return from.positions();
  }

  /** Time from which to look for changes, in milliseconds since 1970. */
  long since() {
    return from.publishedAt();
  }

  /**
   * Takes a change if it may lead to the wanted version.
   *
   * @param partition in which its record lies
   * @param offset of its record
   * @param recordBytes that it takes in the log
   * @return whether it may
   */
  public boolean take(ModelDelta delta, int partition, long offset, long recordBytes) {
    int place = delta.segment() - firstSegment;
    if (place < 0
        || place >= changes.size()
        || delta.version() > wanted.version()
        || delta.fromVersion() < from.version()
        || delta.fromVersion() >= delta.version()) {
      return false;
    }
    bytes += recordBytes;
    taken++;
    changes.get(place).put(delta.version(), new Change(delta, partition, offset));
    return true;
  }

  /** Whether nothing more is to be read for it. */
  public boolean isSettled() {
    return isComplete() || isDear();
  }

  /** Whether changes of the wanted version itself are missing, which may come in a moment. */
  boolean lacksTheNewest() {
    return !isDear()
        && changes.stream().anyMatch(segment -> !segment.containsKey(wanted.version()));
  }

  private boolean isComplete() {
    return changes.stream().allMatch(segment -> chain(segment) != null);
  }

  /**
   * Whether the changes that only this way needs, those up to the newest whole version, take more
   * than that version, by the size of those that are here. Where several versions were whole since,
   * there may be one change more for each than is reckoned.
   */
  private boolean isDear() {
    int ring = manifest.ring();
    long instead =
        from.newestWhole().stepsTo(wanted.newestWhole().version(), ring)
            - from.newestWhole().stepsTo(from.version(), ring);
    if (instead <= 0 || taken < changes.size()) {
      return false;
    }
    double step = (double) bytes / taken * changes.size();
    return step * instead > (double) Float.BYTES * manifest.blocks().get(block()).size();
  }

  /** The changes of a segment in order, or null if one is missing. */
  private Deque<Change> chain(Map<Long, Change> segment) {
    Deque<Change> chain = new ArrayDeque<>();
    long at = wanted.version();
    while (at != from.version()) {
      Change change = segment.get(at);
      if (change == null) {
        return null;
      }
      chain.addFirst(change);
      at = change.delta().fromVersion();
    }
    return chain;
  }

  /**
   * The block in the wanted version.
   *
   * @param scratch overwritten
   * @return empty if changes are missing or lead elsewhere
   */
  Optional<HeldBlock> result(DecodedSegment scratch) {
    // Dear as they may be, changes that are all here have been paid for.
    if (!isComplete()) {
      return Optional.empty();
    }
    float[] vector = from.vector().clone();
    Map<Integer, Long> positions = new HashMap<>();
    List<Digest> digests = new ArrayList<>();
    for (Segment segment : manifest.segmentsOf(block())) {
      for (Change change : chain(changes.get(segment.index() - firstSegment))) {
        if (!apply(change.delta().change(), segment, vector, scratch)) {
          return Optional.empty();
        }
        positions.merge(change.partition(), change.offset() + 1, Math::max);
      }
      digests.add(digest(vector, segment));
    }
    return Digest.ofBlock(digests).equals(wanted.digest())
        ? Optional.of(new HeldBlock(wanted, vector, positions))
        : Optional.empty();
  }

  private static boolean apply(
      SegmentUpdate change, Segment segment, float[] vector, DecodedSegment scratch) {
    if (!(change.transform() instanceof TransformCode.Plain)) {
      return false;
    }
    try {
      SegmentDecoder.decode(change, segment.length(), SegmentDecoder.EVERY_FINITE, scratch);
    } catch (MalformedUpdateException e) {
      return false;
    }
    scratch.applyTo(change.reference(), vector, segment.offset());
    return true;
  }

  private static Digest digest(float[] vector, Segment segment) {
    Bytes values = Bytes.ofFloats(vector, segment.offset(), segment.length());
    return Digest.ofContent(values.array(), 0, values.length());
  }
}

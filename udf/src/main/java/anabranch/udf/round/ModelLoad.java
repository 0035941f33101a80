// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import anabranch.protocol.avro.Records;
import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.BlockVersion;
import anabranch.protocol.model.Digest;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Segment;
import anabranch.udf.message.Fields;
import anabranch.udf.message.Header;
import anabranch.udf.message.RecordId;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * Gathers the newest announced version while a job without state reads the model topic and the
 * deltas topic: segments of it, or of the whole version before it with all changes since. What
 * belongs to no announced version is dropped as it comes; what belongs to an older one waits, in
 * case the newest turns out to be torn.
 */
final class ModelLoad {

  /** How a block of an announcement can be had. */
  private enum Origin {
    /** As it is, with the announced digest. */
    WHOLE,
    /** From the whole version before it and the changes since. */
    REBUILT,
    /** Only the whole version before it: the changes since are lost. */
    SNAPSHOT
  }

  /**
   * What is loaded.
   *
   * @param announcement of the version
   * @param origins of its blocks
   */
  record Choice(Announcement announcement, List<Origin> origins) {

    /** Blocks that are not whole on the model topic under the version that they get. */
    List<Integer> notWhole() {
      return blocks(Set.of(Origin.REBUILT, Origin.SNAPSHOT));
    }

    /** Blocks whose values must have the announced digest, which cannot be told before. */
    List<Integer> rebuilt() {
      return blocks(Set.of(Origin.REBUILT));
    }

    private List<Integer> blocks(Set<Origin> of) {
      return announcement.blocks().stream()
          .map(BlockVersion::block)
          .filter(block -> of.contains(origins.get(block)))
          .toList();
    }
  }

  private record SegmentVersion(int segment, long version) implements Comparable<SegmentVersion> {
    @Override
    public int compareTo(SegmentVersion other) {
      int bySegment = Integer.compare(segment, other.segment);
      return bySegment != 0 ? bySegment : Long.compare(version, other.version);
    }
  }

  private record Found(RecordId id, Digest digest) {}

  private record FoundDelta(RecordId id, long fromVersion) {}

  private static final int WITHOUT_DELTAS = 0;

  private final ModelManifest manifest;
  private final List<Announcement> candidates;
  private final TreeMap<SegmentVersion, Found> found = new TreeMap<>();
  private final TreeMap<SegmentVersion, FoundDelta> deltas = new TreeMap<>();

  /** Segments of the newest candidate that cannot be had yet; digests are compared at the end. */
  private final BitSet lacking = new BitSet();

  /**
   * @param candidates announcements that may be loaded, newest first
   */
  ModelLoad(ModelManifest manifest, List<Announcement> candidates) {
    this.manifest = manifest;
    this.candidates = new ArrayList<>(candidates);
    lacking.set(0, manifest.segments().size());
  }

  /** The newest announcement with a plan, or null. */
  Announcement newestWithPlan() {
    return candidates.stream().filter(a -> a.plan() != null).findFirst().orElse(null);
  }

  /** Takes a segment in, or says that nobody needs it. */
  boolean take(Header.Loaded loaded) {
    int block = blockOf(loaded.segment());
    boolean wanted =
        candidates.stream()
            .map(candidate -> candidate.blocks().get(block))
            .anyMatch(
                version ->
                    version.version() == loaded.version()
                        || version.newestWhole().version() == loaded.version());
    return wanted
        && add(
            new SegmentVersion(loaded.segment(), loaded.version()),
            new Found(loaded.id(), loaded.digest()));
  }

  /** Takes a change in, or says that nobody needs it. */
  boolean take(Header.LoadedDelta delta) {
    int block = blockOf(delta.segment());
    boolean wanted =
        candidates.stream()
            .map(candidate -> candidate.blocks().get(block))
            .anyMatch(
                version ->
                    delta.fromVersion() >= version.newestWhole().version()
                        && delta.fromVersion() < delta.version()
                        && delta.version() <= version.version());
    return wanted
        && add(
            new SegmentVersion(delta.segment(), delta.version()),
            new FoundDelta(delta.id(), delta.fromVersion()));
  }

  private int blockOf(int segment) {
    return manifest.segments().get(segment).block();
  }

  private boolean add(SegmentVersion key, Found segment) {
    boolean isNew = found.putIfAbsent(key, segment) == null;
    reckon(key.segment());
    return isNew;
  }

  private boolean add(SegmentVersion key, FoundDelta delta) {
    boolean isNew = deltas.putIfAbsent(key, delta) == null;
    reckon(key.segment());
    return isNew;
  }

  private void reckon(int segment) {
    BlockVersion wanted = candidates.get(0).blocks().get(blockOf(segment));
    if (found.containsKey(new SegmentVersion(segment, wanted.version()))
        || changes(wanted, segment) != null) {
      lacking.clear(segment);
    }
  }

  /**
   * The versions, rising, whose changes lead from the whole version before an announced one to it;
   * null if one is not there or the whole version is not.
   */
  private Deque<Long> changes(BlockVersion announced, int segment) {
    long whole = announced.newestWhole().version();
    if (!found.containsKey(new SegmentVersion(segment, whole))) {
      return null;
    }
    Deque<Long> changes = new ArrayDeque<>();
    long at = announced.version();
    while (at != whole) {
      FoundDelta delta = deltas.get(new SegmentVersion(segment, at));
      if (delta == null) {
        return null;
      }
      changes.addFirst(at);
      at = delta.fromVersion();
    }
    return changes;
  }

  /** The newest announcement if it can be loaded, else null. */
  Choice newestIfWhole() {
    return lacking.isEmpty() ? loadable(candidates.get(0), false) : null;
  }

  /**
   * The newest announcement that can be loaded. If none can, the newest of which the whole versions
   * at least are there; else null.
   */
  Choice best() {
    for (boolean lossy : new boolean[] {false, true}) {
      for (Announcement candidate : candidates) {
        Choice choice = loadable(candidate, lossy);
        if (choice != null) {
          return choice;
        }
      }
    }
    return null;
  }

  private Choice loadable(Announcement announcement, boolean lossy) {
    List<Origin> origins = new ArrayList<>();
    for (BlockVersion block : announcement.blocks()) {
      Origin origin = origin(block);
      if (origin == null || origin == Origin.SNAPSHOT && !lossy) {
        return null;
      }
      origins.add(origin);
    }
    return new Choice(announcement, origins);
  }

  private Origin origin(BlockVersion block) {
    if (isWhole(block)) {
      return Origin.WHOLE;
    }
    List<Segment> segments = manifest.segmentsOf(block.block());
    if (block.isWhole()) {
      return null;
    }
    if (segments.stream().allMatch(segment -> changes(block, segment.index()) != null)) {
      return Origin.REBUILT;
    }
    long whole = block.newestWhole().version();
    return segments.stream()
            .allMatch(segment -> found.containsKey(new SegmentVersion(segment.index(), whole)))
        ? Origin.SNAPSHOT
        : null;
  }

  private boolean isWhole(BlockVersion block) {
    List<Digest> digests = new ArrayList<>();
    for (Segment segment : manifest.segmentsOf(block.block())) {
      Found candidate = found.get(new SegmentVersion(segment.index(), block.version()));
      if (candidate == null) {
        return false;
      }
      digests.add(candidate.digest());
    }
    return Digest.ofBlock(digests).equals(block.digest());
  }

  /**
   * Orders the chosen version to be loaded and all else to be dropped.
   *
   * @param issued the blocks with the highest numbers that may have been given out
   * @param now in milliseconds since 1970
   * @return the blocks as they are now: one whose changes are lost goes on under a new number
   */
  List<BlockVersion> finish(Choice choice, List<BlockVersion> issued, long now, OrderBook orders) {
    Set<RecordId> used = new HashSet<>();
    List<BlockVersion> blocks = new ArrayList<>();
    for (BlockVersion announced : choice.announcement().blocks()) {
      Origin origin = choice.origins().get(announced.block());
      BlockVersion block = announced.withIssued(issued.get(announced.block()).issued());
      long begin = origin == Origin.WHOLE ? block.version() : block.newestWhole().version();
      for (Segment segment : manifest.segmentsOf(block.block())) {
        RecordId id = found.get(new SegmentVersion(segment.index(), begin)).id();
        orders.load(segment.index(), id, begin);
        used.add(id);
        if (origin == Origin.REBUILT) {
          for (long version : changes(block, segment.index())) {
            RecordId change = deltas.get(new SegmentVersion(segment.index(), version)).id();
            orders.apply(segment.index(), change, version);
            used.add(change);
          }
        }
      }
      blocks.add(
          switch (origin) {
            case WHOLE -> block.isWhole() ? block : block.withSnapshot(null);
            case REBUILT -> block;
            case SNAPSHOT -> Versions.bumped(block, block.digest(), manifest.ring(), now);
          });
    }
    found.forEach((key, segment) -> dropUnused(key, segment.id(), used, orders));
    deltas.forEach((key, delta) -> dropUnused(key, delta.id(), used, orders));
    found.clear();
    deltas.clear();
    return blocks;
  }

  private static void dropUnused(
      SegmentVersion key, RecordId id, Set<RecordId> used, OrderBook orders) {
    if (!used.contains(id)) {
      orders.drop(key.segment(), id);
    }
  }

  /** What is there, for the message of a failed load. */
  String describe() {
    return "%d of %d segments of version %s found"
        .formatted(
            found.size(),
            manifest.segments().size(),
            candidates.get(0).blocks().stream().map(BlockVersion::version).toList());
  }

  void write(DataOutput out) throws IOException {
    out.writeInt(candidates.size());
    for (Announcement candidate : candidates) {
      Fields.writeArray(Records.encode(candidate), out);
    }
    out.writeInt(found.size());
    for (var entry : found.entrySet()) {
      out.writeInt(entry.getKey().segment());
      out.writeLong(entry.getKey().version());
      Fields.writeId(entry.getValue().id(), out);
      Fields.writeArray(entry.getValue().digest().toBytes(), out);
    }
    out.writeInt(deltas.size());
    for (var entry : deltas.entrySet()) {
      out.writeInt(entry.getKey().segment());
      out.writeLong(entry.getKey().version());
      Fields.writeId(entry.getValue().id(), out);
      out.writeLong(entry.getValue().fromVersion());
    }
  }

  /**
   * @param format of the coordinator's state
   */
  static ModelLoad read(ModelManifest manifest, int format, DataInput in) throws IOException {
    List<Announcement> candidates = new ArrayList<>();
    int size = in.readInt();
    for (int i = 0; i < size; i++) {
      candidates.add(Records.decodeAnnouncement(Fields.readArray(in)));
    }
    ModelLoad read = new ModelLoad(manifest, candidates);
    int found = in.readInt();
    for (int i = 0; i < found; i++) {
      SegmentVersion key = new SegmentVersion(in.readInt(), in.readLong());
      RecordId id = Fields.readId(in);
      read.add(key, new Found(id, Digest.of(Fields.readArray(in))));
    }
    int deltas = format == WITHOUT_DELTAS ? 0 : in.readInt();
    for (int i = 0; i < deltas; i++) {
      SegmentVersion key = new SegmentVersion(in.readInt(), in.readLong());
      read.add(key, new FoundDelta(Fields.readId(in), in.readLong()));
    }
    return read;
  }
}

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
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Gathers the segments of the newest announced version while a job without state reads the model
 * topic. What belongs to no announced version is dropped as it comes; what belongs to an older one
 * waits, in case the newest turns out to be torn.
 */
final class ModelLoad {

  private record SegmentVersion(int segment, long version) implements Comparable<SegmentVersion> {
    @Override
    public int compareTo(SegmentVersion other) {
      int bySegment = Integer.compare(segment, other.segment);
      return bySegment != 0 ? bySegment : Long.compare(version, other.version);
    }
  }

  private record Found(RecordId id, Digest digest) {}

  private final ModelManifest manifest;
  private final List<Announcement> candidates;
  private final TreeMap<SegmentVersion, Found> found = new TreeMap<>();

  /** Segments of the newest candidate that have not come; digests are compared only at the end. */
  private int missing;

  /**
   * @param candidates announcements that may be loaded, newest first
   */
  ModelLoad(ModelManifest manifest, List<Announcement> candidates) {
    this.manifest = manifest;
    this.candidates = new ArrayList<>(candidates);
    missing = manifest.segments().size();
  }

  /** Takes a segment in, or says that nobody needs it. */
  boolean take(Header.Loaded loaded) {
    Segment segment = manifest.segments().get(loaded.segment());
    SegmentVersion key = new SegmentVersion(loaded.segment(), loaded.version());
    boolean wanted =
        candidates.stream()
            .anyMatch(c -> c.blocks().get(segment.block()).version() == loaded.version());
    return wanted && add(key, new Found(loaded.id(), loaded.digest()));
  }

  private boolean add(SegmentVersion key, Found segment) {
    boolean isNew = found.putIfAbsent(key, segment) == null;
    int block = manifest.segments().get(key.segment()).block();
    if (isNew && candidates.get(0).blocks().get(block).version() == key.version()) {
      missing--;
    }
    return isNew;
  }

  /** The newest announcement if its version is whole, else null. */
  Announcement newestIfWhole() {
    return missing == 0 && isWhole(candidates.get(0)) ? candidates.get(0) : null;
  }

  /** The newest announcement whose version is whole, else null. */
  Announcement newestWhole() {
    return candidates.stream().filter(this::isWhole).findFirst().orElse(null);
  }

  private boolean isWhole(Announcement announcement) {
    return announcement.blocks().stream().allMatch(this::isWhole);
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

  /** Orders the chosen version to be loaded and all else to be dropped. */
  void finish(Announcement chosen, OrderBook orders) {
    found.forEach(
        (key, segment) -> {
          int block = manifest.segments().get(key.segment()).block();
          if (chosen.blocks().get(block).version() == key.version()) {
            orders.load(key.segment(), segment.id(), key.version());
          } else {
            orders.drop(key.segment(), segment.id());
          }
        });
    found.clear();
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
  }

  static ModelLoad read(ModelManifest manifest, DataInput in) throws IOException {
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
    return read;
  }
}

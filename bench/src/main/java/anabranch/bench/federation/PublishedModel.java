// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.federation;

import anabranch.client.link.StoredRecord;
import anabranch.client.topic.BlockReplay;
import anabranch.client.topic.ModelLog;
import anabranch.protocol.avro.Records;
import anabranch.protocol.message.BlockVersion;
import anabranch.protocol.message.ModelDelta;
import anabranch.protocol.message.ModelSegment;
import anabranch.protocol.model.Digest;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Segment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The topics of the model, which is as compaction leaves it, and of the deltas, of which nothing is
 * lost.
 */
final class PublishedModel {

  private static final int ONLY_PARTITION = 0;

  /**
   * @param offset in the topic
   * @param bytes as it is stored
   */
  private record Change(ModelDelta delta, long offset, long bytes) {}

  private final Map<String, byte[]> whole = new HashMap<>();
  private final Map<Integer, List<Change>> changes = new HashMap<>();
  private long nextOffset;

  /** Takes a record of the model topic. */
  void put(byte[] key, byte[] value) {
    whole.put(new String(key, StandardCharsets.UTF_8), value);
  }

  /** Takes a record of the deltas topic. */
  void putChange(byte[] value) {
    ModelDelta delta = Records.decodeModelDelta(value);
    changes
        .computeIfAbsent(delta.block(), block -> new ArrayList<>())
        .add(new Change(delta, nextOffset++, StoredRecord.bytes(null, value)));
  }

  /** One who reads them, and no record that is not needed. */
  final class Reader implements ModelLog {

    private long bytes;

    /** What was read so far, as it is stored. */
    long bytes() {
      return bytes;
    }

    @Override
    public ModelManifest readManifest(Digest expected) {
      return Records.decodeModelManifest(take(ModelManifest.KEY));
    }

    @Override
    public Map<Integer, float[]> readWhole(
        ModelManifest manifest, Collection<BlockVersion> versions) {
      Map<Integer, float[]> vectors = new HashMap<>();
      versions.forEach(version -> vectors.put(version.block(), read(manifest, version)));
      return vectors;
    }

    private float[] read(ModelManifest manifest, BlockVersion version) {
      float[] vector = new float[manifest.blocks().get(version.block()).size()];
      List<Digest> digests = new ArrayList<>();
      for (Segment segment : manifest.segmentsOf(version.block())) {
        ModelSegment read =
            Records.decodeModelSegment(take(manifest.ringKey(segment, version.version())));
        byte[] array = read.values().array();
        int length = read.values().length();
        digests.add(Digest.ofContent(array, read.values().offset(), length));
        read.values().floats().get(vector, segment.offset(), segment.length());
      }
      if (version.digest() != null && !Digest.ofBlock(digests).equals(version.digest())) {
        throw new IllegalStateException(
            "block %d is not that of version %d".formatted(version.block(), version.version()));
      }
      return vector;
    }

    private byte[] take(String key) {
      byte[] value = whole.get(key);
      if (value == null) {
        throw new IllegalStateException("no record of the model has the key " + key);
      }
      bytes += StoredRecord.bytes(key.getBytes(StandardCharsets.UTF_8), value);
      return value;
    }

    @Override
    public void readChanges(ModelManifest manifest, Collection<BlockReplay> replays) {
      for (BlockReplay replay : replays) {
        for (Change change : changes.getOrDefault(replay.block(), List.of())) {
          if (replay.isSettled()) {
            break;
          }
          if (replay.take(change.delta, ONLY_PARTITION, change.offset, change.bytes)) {
            bytes += change.bytes;
          }
        }
      }
    }

    @Override
    public void close() {
      // There is nothing open.
    }
  }
}

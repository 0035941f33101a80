// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.federation;

import anabranch.client.link.StoredRecord;
import anabranch.client.topic.ModelSource;
import anabranch.protocol.avro.Records;
import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.BlockVersion;
import anabranch.protocol.message.ModelSegment;
import anabranch.protocol.model.Digest;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Segment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The model topic as compaction leaves it: the newest record of each key. */
final class PublishedModel {

  private final Map<String, byte[]> records = new HashMap<>();

  void put(byte[] key, byte[] value) {
    records.put(new String(key, StandardCharsets.UTF_8), value);
  }

  private byte[] get(String key) {
    byte[] value = records.get(key);
    if (value == null) {
      throw new IllegalStateException("no record has the key " + key);
    }
    return value;
  }

  /** The newest version of all blocks, flat vectors by block index. */
  Map<Integer, float[]> read(Announcement announcement) {
    return new Copy()
        .bringUpToDate(
            announcement, announcement.blocks().stream().map(BlockVersion::block).toList());
  }

  /** A reader that remembers what it has read, as clients do. */
  final class Copy implements ModelSource {

    private record Held(Digest digest, float[] vector) {}

    private final Map<Integer, Held> blocks = new HashMap<>();
    private ModelManifest manifest;
    private long bytes;

    /** What was read so far, as it is stored. */
    long bytes() {
      return bytes;
    }

    @Override
    public ModelManifest manifest(Announcement announcement) {
      if (manifest == null) {
        manifest = Records.decodeModelManifest(take(ModelManifest.KEY));
      }
      return manifest;
    }

    @Override
    public Map<Integer, float[]> bringUpToDate(
        Announcement announcement, Collection<Integer> wanted) {
      ModelManifest model = manifest(announcement);
      Map<Integer, float[]> vectors = new HashMap<>();
      for (int block : wanted) {
        BlockVersion version = announcement.blocks().get(block);
        Held held = blocks.get(block);
        if (held == null || !held.digest.equals(version.digest())) {
          held = new Held(version.digest(), read(model, version));
          blocks.put(block, held);
        }
        vectors.put(block, held.vector);
      }
      return vectors;
    }

    private float[] read(ModelManifest model, BlockVersion version) {
      float[] vector = new float[model.blocks().get(version.block()).size()];
      List<Digest> digests = new ArrayList<>();
      for (Segment segment : model.segmentsOf(version.block())) {
        ModelSegment read =
            Records.decodeModelSegment(take(model.ringKey(segment, version.version())));
        byte[] array = read.values().array();
        int length = read.values().length();
        digests.add(Digest.ofContent(array, read.values().offset(), length));
        ByteBuffer.wrap(array, read.values().offset(), length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer()
            .get(vector, segment.offset(), segment.length());
      }
      if (!Digest.ofBlock(digests).equals(version.digest())) {
        throw new IllegalStateException(
            "block %d is not that of version %d".formatted(version.block(), version.version()));
      }
      return vector;
    }

    private byte[] take(String key) {
      byte[] value = get(key);
      bytes += StoredRecord.bytes(key.getBytes(StandardCharsets.UTF_8), value);
      return value;
    }
  }
}

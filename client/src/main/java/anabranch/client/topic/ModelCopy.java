// SPDX-License-Identifier: Apache-2.0
package anabranch.client.topic;

import anabranch.client.link.Bandwidth;
import anabranch.client.link.Link;
import anabranch.protocol.Topics;
import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.BlockVersion;
import anabranch.protocol.model.Digest;
import anabranch.protocol.model.ModelManifest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A client's copy of the global model. A block is downloaded when it is asked for in a version that
 * is not here yet; nothing that failed its digest ever gets in. Not safe for several threads.
 */
public final class ModelCopy implements ModelSource, AutoCloseable {

  /**
   * A block as it is here.
   *
   * @param digest of its values; a version number alone could belong to a timeline that was lost
   */
  private record Held(Digest digest, float[] vector) {}

  private final BlockReader reader;
  private final Map<Integer, Held> blocks = new HashMap<>();
  private Digest manifestDigest;
  private ModelManifest manifest;

  /** A copy that is read over a line that is not narrowed. */
  public ModelCopy(KafkaConnection connection, Topics topics) {
    this(connection, topics, new Link(Bandwidth.UNLIMITED));
  }

  /**
   * @param downlink over which the model is read
   */
  public ModelCopy(KafkaConnection connection, Topics topics, Link downlink) {
    this.reader = new BlockReader(connection, topics.model(), downlink);
  }

  @Override
  public ModelManifest manifest(Announcement announcement) {
    if (!announcement.manifest().equals(manifestDigest)) {
      manifest = reader.readManifest(announcement.manifest());
      manifestDigest = announcement.manifest();
      blocks.clear();
    }
    return manifest;
  }

  @Override
  public Map<Integer, float[]> bringUpToDate(
      Announcement announcement, Collection<Integer> wanted) {
    ModelManifest model = manifest(announcement);
    List<BlockVersion> lacking = new ArrayList<>();
    for (int block : wanted) {
      BlockVersion version = announcement.blocks().get(block);
      Held held = blocks.get(block);
      if (held == null || !held.digest.equals(version.digest())) {
        lacking.add(version);
      }
    }
    Map<Integer, float[]> read = reader.read(model, lacking);
    lacking.forEach(
        version ->
            blocks.put(version.block(), new Held(version.digest(), read.get(version.block()))));
    Map<Integer, float[]> vectors = new HashMap<>();
    wanted.forEach(block -> vectors.put(block, blocks.get(block).vector));
    return vectors;
  }

  @Override
  public void close() {
    reader.close();
  }
}

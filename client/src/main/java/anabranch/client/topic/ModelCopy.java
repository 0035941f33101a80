// SPDX-License-Identifier: Apache-2.0
package anabranch.client.topic;

import anabranch.client.link.Bandwidth;
import anabranch.client.link.Link;
import anabranch.protocol.Topics;
import anabranch.protocol.codec.DecodedSegment;
import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.BlockSnapshot;
import anabranch.protocol.message.BlockVersion;
import anabranch.protocol.model.Digest;
import anabranch.protocol.model.ModelManifest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A client's copy of the global model. A block that is asked for in a version that is not here yet
 * is brought forward by the changes since the version that is here, where they are published and
 * take less; otherwise it is downloaded, or the newest whole version is and the changes since.
 * Nothing that failed its digest ever gets in. Not safe for several threads.
 */
public final class ModelCopy implements ModelSource, AutoCloseable {

  private final ModelLog log;
  private final Map<Integer, HeldBlock> blocks = new HashMap<>();
  private DecodedSegment scratch;
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
    this(new KafkaModelLog(connection, topics, downlink));
  }

  /**
   * @param log from which the model is read; it is closed with this copy
   */
  public ModelCopy(ModelLog log) {
    this.log = log;
  }

  @Override
  public ModelManifest manifest(Announcement announcement) {
    if (!announcement.manifest().equals(manifestDigest)) {
      manifest = log.readManifest(announcement.manifest());
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
      HeldBlock held = blocks.get(block);
      if (held == null || !held.digest().equals(version.digest())) {
        lacking.add(version);
      }
    }
    bringForward(model, lacking);
    readWhole(model, lacking);
    readSince(model, lacking);
    Map<Integer, float[]> vectors = new HashMap<>();
    wanted.forEach(block -> vectors.put(block, blocks.get(block).vector()));
    return vectors;
  }

  /** Replays the changes since what is here; takes the blocks that are there then off the list. */
  private void bringForward(ModelManifest model, List<BlockVersion> lacking) {
    List<BlockReplay> replays = new ArrayList<>();
    for (BlockVersion version : lacking) {
      HeldBlock held = blocks.get(version.block());
      if (version.snapshot() != null && held != null && held.version() < version.version()) {
        replays.add(new BlockReplay(model, held, version));
      }
    }
    replay(model, replays, lacking);
  }

  /** Reads the blocks whose announced version lies whole on the model topic. */
  private void readWhole(ModelManifest model, List<BlockVersion> lacking) {
    List<BlockVersion> whole = lacking.stream().filter(BlockVersion::isWhole).toList();
    log.readWhole(model, whole)
        .forEach(
            (block, vector) ->
                blocks.put(block, new HeldBlock(versionOf(block, whole), vector, Map.of())));
    lacking.removeAll(whole);
  }

  /**
   * Reads the newest whole versions and replays the changes since. What the digests of those are
   * nobody says: that of the announced version tells in the end.
   */
  private void readSince(ModelManifest model, List<BlockVersion> lacking) {
    List<BlockReplay> replays = new ArrayList<>();
    log.readWhole(model, lacking.stream().map(ModelCopy::withoutDigest).toList())
        .forEach(
            (block, vector) -> {
              BlockVersion version = versionOf(block, lacking);
              BlockSnapshot whole = version.newestWhole();
              HeldBlock from =
                  new HeldBlock(
                      whole.version(), null, whole.publishedAt(), whole, vector, Map.of());
              replays.add(new BlockReplay(model, from, version));
            });
    replay(model, replays, lacking);
    if (!lacking.isEmpty()) {
      throw new ModelIncompleteException(
          lacking.stream()
              .map(
                  version ->
                      "block '%s' version %d: the changes since version %d are missing or lead elsewhere"
                          .formatted(
                              model.blocks().get(version.block()).name(),
                              version.version(),
                              version.newestWhole().version()))
              .collect(Collectors.joining("; ")));
    }
  }

  private void replay(ModelManifest model, List<BlockReplay> replays, List<BlockVersion> lacking) {
    if (replays.isEmpty()) {
      return;
    }
    if (scratch == null) {
      scratch = new DecodedSegment();
    }
    log.readChanges(model, replays);
    for (BlockReplay replay : replays) {
      Optional<HeldBlock> result = replay.result(scratch);
      if (result.isPresent()) {
        blocks.put(replay.block(), result.get());
        lacking.remove(replay.wanted());
      }
    }
  }

  private static BlockVersion withoutDigest(BlockVersion announced) {
    BlockSnapshot whole = announced.newestWhole();
    return new BlockVersion(announced.block(), whole.version(), 0, null, whole.publishedAt());
  }

  private static BlockVersion versionOf(int block, List<BlockVersion> versions) {
    return versions.stream().filter(version -> version.block() == block).findFirst().orElseThrow();
  }

  @Override
  public void close() {
    log.close();
  }
}

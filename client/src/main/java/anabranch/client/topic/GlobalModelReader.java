// SPDX-License-Identifier: Apache-2.0
package anabranch.client.topic;

import anabranch.protocol.Topics;
import anabranch.protocol.message.Announcement;
import anabranch.protocol.model.Block;
import anabranch.protocol.model.ModelManifest;
import java.time.Duration;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Reads versions of a federation's model: whole, or the deployed blocks alone, for whoever
 * evaluates or deploys it. Not safe for several threads.
 */
public final class GlobalModelReader implements AutoCloseable {

  private final AnnouncementReader announcements;
  private final ModelCopy copy;
  private final Function<ModelManifest, List<Integer>> wanted;
  private final NavigableMap<Long, Announcement> recent = new TreeMap<>();
  private Announcement newest;

  private GlobalModelReader(
      KafkaConnection connection, Topics topics, Function<ModelManifest, List<Integer>> wanted) {
    this.announcements = new AnnouncementReader(connection, topics);
    this.copy = new ModelCopy(connection, topics);
    this.wanted = wanted;
  }

  /** Reads all blocks. */
  public static GlobalModelReader ofAllBlocks(KafkaConnection connection, Topics topics) {
    return new GlobalModelReader(
        connection, topics, manifest -> manifest.blocks().stream().map(Block::index).toList());
  }

  /** Reads the {@linkplain ModelManifest#deployedBlocks deployed blocks} and no others. */
  public static GlobalModelReader ofDeployedBlocks(KafkaConnection connection, Topics topics) {
    return new GlobalModelReader(connection, topics, ModelManifest::deployedBlocks);
  }

  /**
   * What the newest announced model looks like, without its values.
   *
   * @param patience how long to wait for an announcement that has not been seen yet
   * @return empty when the federation has no announcement yet
   */
  public Optional<ModelManifest> newestManifest(Duration patience) {
    take(announcements.poll(patience));
    return Optional.ofNullable(newest).map(copy::manifest);
  }

  /**
   * The newest model: that of the newest announcement.
   *
   * @param patience how long to wait for an announcement that has not been seen yet
   * @return empty when the federation has no announcement yet
   * @throws ModelIncompleteException if a block that is read is not whole on the topic; a later
   *     call may find it, or a newer one
   */
  public Optional<GlobalModel> newest(Duration patience) {
    take(announcements.poll(patience));
    return newest == null ? Optional.empty() : Optional.of(read(newest));
  }

  /**
   * The model after a number of completed rounds, for whoever follows round reports and may be a
   * few versions behind: the topic keeps as many as the manifest's ring.
   *
   * @param modelVersion number of completed rounds
   * @param patience how long to wait for its announcement, which may come after its report
   * @return empty when it was announced before this reader began, or has been overwritten, or is
   *     not announced yet
   */
  public Optional<GlobalModel> version(long modelVersion, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    take(announcements.poll(Duration.ZERO));
    while (recent.isEmpty() || recent.lastKey() < modelVersion) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return Optional.empty();
      }
      take(announcements.poll(Duration.ofNanos(left)));
    }
    try {
      return Optional.ofNullable(recent.get(modelVersion)).map(this::read);
    } catch (ModelIncompleteException e) {
      return Optional.empty();
    }
  }

  private void take(List<Announcement> come) {
    for (Announcement announcement : come) {
      if (newest != null && announcement.incarnation() != newest.incarnation()) {
        // What the earlier job announced may belong to a timeline that is lost now.
        recent.clear();
      }
      newest = announcement;
      recent.put(announcement.modelVersion(), announcement);
      if (recent.size() > Announcement.RING) {
        recent.pollFirstEntry();
      }
    }
  }

  private GlobalModel read(Announcement announcement) {
    ModelManifest manifest = copy.manifest(announcement);
    return new GlobalModel(
        announcement, manifest, copy.bringUpToDate(announcement, wanted.apply(manifest)));
  }

  @Override
  public void close() {
    announcements.close();
    copy.close();
  }
}

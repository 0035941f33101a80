// SPDX-License-Identifier: Apache-2.0
package anabranch.client.topic;

import anabranch.protocol.Topics;
import anabranch.protocol.message.Announcement;
import java.time.Duration;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Reads whole versions of a federation's model, for whoever evaluates or deploys it. Not safe for
 * several threads.
 */
public final class GlobalModelReader implements AutoCloseable {

  private final AnnouncementReader announcements;
  private final ModelCopy copy;
  private final NavigableMap<Long, Announcement> recent = new TreeMap<>();
  private Announcement newest;

  public GlobalModelReader(KafkaConnection connection, Topics topics) {
    this.announcements = new AnnouncementReader(connection, topics);
    this.copy = new ModelCopy(connection, topics);
  }

  /**
   * The newest model: that of the newest announcement.
   *
   * @param patience how long to wait for an announcement that has not been seen yet
   * @return empty when the federation has no announcement yet
   * @throws ModelIncompleteException if it is not whole on the topic; a later call may find it, or
   *     a newer one
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
      newest = announcement;
      recent.put(announcement.modelVersion(), announcement);
      if (recent.size() > Announcement.RING) {
        recent.pollFirstEntry();
      }
    }
  }

  private GlobalModel read(Announcement announcement) {
    List<Integer> all = IntStream.range(0, announcement.blocks().size()).boxed().toList();
    return new GlobalModel(
        announcement, copy.manifest(announcement), copy.bringUpToDate(announcement, all));
  }

  @Override
  public void close() {
    announcements.close();
    copy.close();
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.client.topic;

import anabranch.protocol.Topics;
import anabranch.protocol.message.Announcement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Reads whole versions of a federation's model, for whoever evaluates or deploys it. Not safe for
 * several threads.
 */
public final class GlobalModelReader implements AutoCloseable {

  private final AnnouncementReader announcements;
  private final ModelCopy copy;
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
    List<Announcement> come = announcements.poll(patience);
    if (!come.isEmpty()) {
      newest = come.get(come.size() - 1);
    }
    if (newest == null) {
      return Optional.empty();
    }
    List<Integer> all = IntStream.range(0, newest.blocks().size()).boxed().toList();
    return Optional.of(
        new GlobalModel(newest, copy.manifest(newest), copy.bringUpToDate(newest, all)));
  }

  @Override
  public void close() {
    announcements.close();
    copy.close();
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.testbed;

import anabranch.client.topic.AnnouncementReader;
import anabranch.protocol.message.Announcement;
import java.time.Duration;
import java.util.function.Predicate;

/** Waits for announcements of a federation. */
public final class AnnouncementTail implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(500);

  private final AnnouncementReader reader;
  private final RunningJob job;

  /**
   * @param job whose end ends the waiting
   */
  public AnnouncementTail(BenchFederation federation, RunningJob job) {
    this.reader = new AnnouncementReader(federation.connection(), federation.topics());
    this.job = job;
  }

  /**
   * The next announcement that is as wanted.
   *
   * @throws IllegalStateException if it does not come in time
   */
  public Announcement await(String what, Duration patience, Predicate<Announcement> wanted) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (System.nanoTime() < deadline) {
      for (Announcement announcement : reader.poll(POLL)) {
        if (wanted.test(announcement)) {
          return announcement;
        }
      }
      job.demandRunning();
    }
    throw new IllegalStateException("waited %s in vain for %s".formatted(patience, what));
  }

  /** The announcement that opens a round. */
  public Announcement awaitPlan(long round, Duration patience) {
    return await(
        "the plan of round " + round, patience, a -> a.plan() != null && a.plan().round() == round);
  }

  @Override
  public void close() {
    reader.close();
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.client.link;

import java.util.concurrent.TimeUnit;

/**
 * One direction of a client's line. It counts the bytes that go over it, and lets whoever sends or
 * receives them wait as long as they would take on a line of its bandwidth. Safe for several
 * threads: what they send goes one after the other.
 */
public final class Link {

  /** Time as the link sees it. */
  interface Time {
    long nanoTime();

    void sleep(long nanos) throws InterruptedException;
  }

  private static final Time SYSTEM =
      new Time() {
        @Override
        public long nanoTime() {
          return System.nanoTime();
        }

        @Override
        public void sleep(long nanos) throws InterruptedException {
          TimeUnit.NANOSECONDS.sleep(nanos);
        }
      };

  private final Bandwidth bandwidth;
  private final Time time;
  private long bytes;

  /** When all that was carried so far will have gone through. */
  private long freeAt;

  public Link(Bandwidth bandwidth) {
    this(bandwidth, SYSTEM);
  }

  Link(Bandwidth bandwidth, Time time) {
    this.bandwidth = bandwidth;
    this.time = time;
    this.freeAt = time.nanoTime();
  }

  /**
   * Returns when so many more bytes have gone over the line.
   *
   * @throws InterruptedException if interrupted meanwhile; they are counted all the same
   */
  public void carry(long more) throws InterruptedException {
    long wait;
    synchronized (this) {
      bytes += more;
      long now = time.nanoTime();
      // Compared by difference: nanoTime may overflow.
      freeAt = (freeAt - now > 0 ? freeAt : now) + bandwidth.nanosFor(more);
      wait = freeAt - now;
    }
    if (wait > 0) {
      time.sleep(wait);
    }
  }

  /** Bytes carried since the beginning. */
  public synchronized long bytes() {
    return bytes;
  }
}

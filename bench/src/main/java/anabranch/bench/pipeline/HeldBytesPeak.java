// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.pipeline;

import anabranch.bench.testbed.RunningJob;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/** Looks at the gauge of held bytes ten times a second and keeps the greatest value. */
final class HeldBytesPeak implements AutoCloseable {

  private static final int POLL_MILLIS = 100;

  private final AtomicLong peak = new AtomicLong();
  private final Thread thread;

  /**
   * @param watching false never looks
   */
  HeldBytesPeak(RunningJob job, boolean watching) {
    thread = new Thread(() -> watch(job), "held-bytes");
    thread.setDaemon(true);
    if (watching) {
      thread.start();
    }
  }

  private void watch(RunningJob job) {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        long now = job.heldBytes();
        peak.accumulateAndGet(now, Math::max);
        Thread.sleep(POLL_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new IllegalStateException("the JobManager does not tell its metrics", e);
    }
  }

  long bytes() {
    return peak.get();
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}

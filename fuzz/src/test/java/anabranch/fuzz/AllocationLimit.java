// SPDX-License-Identifier: Apache-2.0
package anabranch.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Demands that some work allocates little on the heap. */
final class AllocationLimit {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private AllocationLimit() {}

  /** Work that does the same each time. */
  interface Work {
    void run() throws Exception;
  }

  /**
   * @throws AssertionError if the work allocates more bytes each time it runs; the JVM itself
   *     allocates on the way when it loads a class or links a call for the first time
   */
  static void demand(long limit, Work work) throws Exception {
    long allocated = measure(work);
    for (int again = 0; allocated > limit && again < 3; again++) {
      allocated = measure(work);
    }
    if (allocated > limit) {
      throw new AssertionError(
          "%d bytes were allocated, allowed are %d".formatted(allocated, limit));
    }
  }

  private static long measure(Work work) throws Exception {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    work.run();
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }
}

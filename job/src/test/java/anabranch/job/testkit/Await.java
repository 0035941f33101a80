// SPDX-License-Identifier: Apache-2.0
package anabranch.job.testkit;

import java.time.Duration;
import java.util.function.Supplier;

/** Waiting for a condition, never for a time. */
public final class Await {

  private static final long POLL_MILLIS = 20;

  private Await() {}

  /** A question whose answer may fail to come. */
  public interface Condition {
    boolean holds() throws Exception;
  }

  /**
   * Returns once the condition holds.
   *
   * @param what is waited for, for the message
   * @throws AssertionError after the time
   */
  public static void until(String what, Duration patience, Condition condition) throws Exception {
    until(() -> what, patience, condition);
  }

  /**
   * Returns once the condition holds.
   *
   * @param what is waited for and how far it has come, for the message
   * @throws AssertionError after the time
   */
  public static void until(Supplier<String> what, Duration patience, Condition condition)
      throws Exception {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("waited %s in vain: %s".formatted(patience, what.get()));
      }
      Thread.sleep(POLL_MILLIS);
    }
  }
}

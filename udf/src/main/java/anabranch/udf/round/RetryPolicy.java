// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import java.io.Serializable;
import java.time.Duration;

/**
 * What follows a failed round.
 *
 * @param backoff pause after the first failure; it doubles with each one in a row
 * @param maxBackoff longest pause
 * @param pauseAfter failures in a row after which the federation pauses, at least 1
 */
public record RetryPolicy(Duration backoff, Duration maxBackoff, int pauseAfter)
    implements Serializable {

  /** Milliseconds to wait after so many failures in a row, at least 1. */
  long backoffMillis(int failures) {
    int doublings = Math.min(failures - 1, 40);
    double millis = Math.scalb((double) backoff.toMillis(), doublings);
    return (long) Math.max(1, Math.min(millis, maxBackoff.toMillis()));
  }
}

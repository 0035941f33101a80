// SPDX-License-Identifier: Apache-2.0
package anabranch.cli.doctor;

import java.time.Duration;

/**
 * How far a clock is ahead of this machine's, as far as can be told.
 *
 * @param whose clock
 * @param least milliseconds that it is ahead; negative when it is behind
 * @param most milliseconds that it is ahead
 */
record ClockOffset(String whose, long least, long most) {

  private static final int SHARE_OF_DEADLINE = 20;

  /**
   * A reading of another clock between two readings of this machine's.
   *
   * @param sent when it was asked for
   * @param read what it showed
   * @param received when the answer was there
   */
  static ClockOffset between(String whose, long sent, long read, long received) {
    return new ClockOffset(whose, read - received, read - sent);
  }

  /** What is between two clocks for certain, in milliseconds, without a sign. */
  long certain() {
    return Math.max(0, Math.max(least, -most));
  }

  /** The most that may be between two clocks, in milliseconds, without a sign. */
  long farthest() {
    return Math.max(Math.abs(least), Math.abs(most));
  }

  /** Both bounds moved by those of another offset: of a clock that was compared with that one. */
  ClockOffset behind(ClockOffset other) {
    return new ClockOffset(whose, least + other.least, most + other.most);
  }

  /** What two clocks may differ by before a round of such a deadline is worth a warning. */
  static Duration tolerance(Duration deadline) {
    return deadline.dividedBy(SHARE_OF_DEADLINE);
  }

  /** For people: the middle of what is possible, and half of its width. */
  @Override
  public String toString() {
    return "%s %+d ms (±%d)".formatted(whose, (least + most) / 2, (most - least + 1) / 2);
  }
}

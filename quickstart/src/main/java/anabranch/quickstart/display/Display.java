// SPDX-License-Identifier: Apache-2.0
package anabranch.quickstart.display;

import java.io.PrintStream;

/** Where a run tells people what it does. Methods may be called from any thread. */
public interface Display extends AutoCloseable {

  /** A line that stays. */
  void line(String text);

  /** What is being started now, in a few words. */
  void starting(String what);

  /** The federation works, and so many rounds are done. */
  void done(long rounds);

  /** Takes away what does not stay; later lines appear plainly. */
  @Override
  void close();

  /** Lines only, for files and pipes: what is being started becomes a line too. */
  static Display plain(PrintStream out) {
    return new PlainDisplay(out);
  }

  /**
   * A progress bar under the lines.
   *
   * @param rounds at which the bar is full
   */
  static Display terminal(PrintStream out, long rounds) {
    return new TerminalDisplay(out, rounds, TerminalDisplay.width());
  }
}

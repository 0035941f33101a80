// SPDX-License-Identifier: Apache-2.0
package anabranch.quickstart.display;

import java.io.PrintStream;

/**
 * Lines, one after the other.
 *
 * @param out where they are printed
 */
record PlainDisplay(PrintStream out) implements Display {

  @Override
  public void line(String text) {
    out.println(text);
    out.flush();
  }

  @Override
  public void starting(String what) {
    line("starting " + what + " ...");
  }

  @Override
  public void done(long rounds) {
    // The line of a round says it.
  }

  @Override
  public void close() {
    out.flush();
  }
}

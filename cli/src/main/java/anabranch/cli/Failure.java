// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import java.io.PrintWriter;

/** Tells people why a command failed: in its message's words, without a stack trace. */
final class Failure {

  private Failure() {}

  static void print(Exception failure, boolean verbose, PrintWriter err) {
    if (verbose) {
      failure.printStackTrace(err);
    } else {
      String message = failure.getMessage();
      err.println("anabranch: " + (message == null ? failure.toString() : message));
    }
    err.flush();
  }
}

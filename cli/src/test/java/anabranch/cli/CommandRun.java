// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/**
 * What a command did.
 *
 * @param exitCode 0 for success, 1 for failure, 2 for wrong usage
 * @param out what it printed on standard output
 * @param err what it printed on standard error
 */
record CommandRun(int exitCode, String out, String err) {

  /** Runs a command as the launcher does, in this JVM. */
  static CommandRun of(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine commands = Anabranch.commandLine();
    commands.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    int exitCode = commands.execute(arguments);
    return new CommandRun(exitCode, out.toString(), err.toString());
  }

  /** What the doctor said of a check: its line. */
  String line(String check) {
    return out.lines()
        .filter(line -> line.matches("(ok|warning|FAILED|not checked) +" + check + "  .*"))
        .findFirst()
        .orElseThrow(() -> new AssertionError(check + " is missing in " + out + err));
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment;

import java.io.IOException;
import java.io.PrintStream;

/**
 * Makes the runs that are not there, and tells what becomes of them.
 *
 * @param <S> settings of a run
 * @param <R> what comes of it
 */
public final class RunMaker<S extends Settings, R> {

  /** Gives the settings that are chosen now: others when a run with them has diverged. */
  public interface Choice<S> {
    S settings() throws IOException;
  }

  /** Says of a result what people want to know. */
  public interface Teller<S, R> {
    String tell(S settings, R result);
  }

  private final RunFolder<S, R> runs;
  private final RunFolder.Work<S, R> work;
  private final Teller<S, R> teller;
  private final PrintStream out;

  /**
   * @param work makes a run
   * @param out is told of every run
   */
  public RunMaker(
      RunFolder<S, R> runs, RunFolder.Work<S, R> work, Teller<S, R> teller, PrintStream out) {
    this.runs = runs;
    this.work = work;
    this.teller = teller;
    this.out = out;
  }

  /** Makes a run; where it diverges, the one that is chosen then, until none is left to choose. */
  public void make(Choice<S> choice) throws Exception {
    S settings;
    S next = choice.settings();
    do {
      settings = next;
      make(settings);
      next = choice.settings();
    } while (runs.hasDiverged(settings) && !next.equals(settings));
  }

  /** Makes a run. */
  public void make(S settings) throws Exception {
    if (!runs.fill(settings, this::run)) {
      out.println("there, or under way: " + settings.describe());
    } else if (runs.hasDiverged(settings)) {
      out.println("diverged: " + settings.describe());
    }
  }

  private R run(S settings) throws Exception {
    out.println("begins: " + settings.describe());
    R result = work.run(settings);
    out.printf(
        "%s: %s, %s.json%n", settings.describe(), teller.tell(settings, result), settings.hash());
    return result;
  }
}

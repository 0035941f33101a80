// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import java.util.concurrent.atomic.AtomicReference;
import org.jline.utils.Signals;

/**
 * Ctrl-C and termination for a command that has much to end: the first interrupts the command's
 * thread, which then closes what it has opened in its own order; the second ends the JVM at once.
 * (In a shutdown hook everybody's hooks would run at the same time: Flink would delete files under
 * a job that still runs.)
 */
final class StopSignal {

  private static final int FIRST_SIGNAL_CODE = 128;

  /** Signals that are asked to stop, as shells count them. */
  private enum Kind {
    INT(2),
    TERM(15);

    private final int number;

    Kind(int number) {
      this.number = number;
    }
  }

  private final AtomicReference<Kind> caught = new AtomicReference<>();

  private StopSignal() {}

  /** From now on signals interrupt the current thread. */
  static StopSignal interruptCurrentThread() {
    StopSignal stop = new StopSignal();
    Thread command = Thread.currentThread();
    for (Kind kind : Kind.values()) {
      Signals.register(kind.name(), () -> stop.take(kind, command));
    }
    return stop;
  }

  private void take(Kind kind, Thread command) {
    if (caught.compareAndSet(null, kind)) {
      command.interrupt();
    } else {
      Runtime.getRuntime().halt(FIRST_SIGNAL_CODE + kind.number);
    }
  }

  /** Whether a signal has come. */
  boolean caught() {
    return caught.get() != null;
  }

  /** The exit code that shells expect of a process that a signal has ended. */
  int exitCode() {
    return FIRST_SIGNAL_CODE + caught.get().number;
  }
}

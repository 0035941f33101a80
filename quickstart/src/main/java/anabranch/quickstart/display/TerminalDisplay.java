// SPDX-License-Identifier: Apache-2.0
package anabranch.quickstart.display;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;
import me.tongfei.progressbar.ProgressState;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/**
 * A progress bar in the terminal's last line. Lines and bar are written under one lock, and a line
 * takes the bar's place before the bar is drawn anew below it, so they never mix.
 */
final class TerminalDisplay implements Display {

  private static final String CLEAR_LINE = "\r\u001b[2K";
  private static final int USUAL_WIDTH = 80;
  private static final int REFRESH_MILLIS = 200;

  private final PrintStream out;
  private final int width;
  private final ProgressBar bar;

  /** The bar as it was drawn last; empty when there is none. */
  private String drawn = "";

  /** When the first round was done, 0 before. */
  private volatile long firstDoneNanos;

  /**
   * @param rounds at which the bar is full
   * @param width of the terminal, in characters
   */
  TerminalDisplay(PrintStream out, long rounds, int width) {
    this.out = out;
    this.width = width;
    this.bar =
        new ProgressBarBuilder()
            .setTaskName("rounds")
            .setInitialMax(rounds)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(REFRESH_MILLIS)
            // The clock in the bar goes on while a round takes its time.
            .continuousUpdate()
            .setEtaFunction(this::remaining)
            .setConsumer(new Bar())
            .build();
  }

  /** Columns of this process's terminal, the usual number when it does not say. */
  static int width() {
    try (Terminal terminal = TerminalBuilder.builder().system(true).dumb(true).build()) {
      return terminal.getWidth() > 0 ? terminal.getWidth() : USUAL_WIDTH;
    } catch (IOException e) {
      return USUAL_WIDTH;
    }
  }

  /** From the rounds after the first: that one waits for the start of everything. */
  private Optional<Duration> remaining(ProgressState state) {
    long done = state.getCurrent();
    if (done < 2) {
      return Optional.empty();
    }
    Duration taken = Duration.ofNanos(System.nanoTime() - firstDoneNanos);
    return Optional.of(taken.multipliedBy(state.getMax() - done).dividedBy(done - 1));
  }

  @Override
  public synchronized void line(String text) {
    out.print((drawn.isEmpty() ? "" : CLEAR_LINE) + text + System.lineSeparator() + drawn);
    out.flush();
  }

  @Override
  public void starting(String what) {
    bar.setExtraMessage(" starting " + what);
  }

  @Override
  public void done(long rounds) {
    bar.setExtraMessage(" round " + (rounds + 1));
    if (rounds > 0 && firstDoneNanos == 0) {
      firstDoneNanos = System.nanoTime();
    }
    bar.stepTo(rounds);
  }

  private synchronized void draw(String rendered) {
    drawn = rendered;
    out.print(CLEAR_LINE + rendered);
    out.flush();
  }

  private synchronized void erase() {
    if (!drawn.isEmpty()) {
      drawn = "";
      out.print(CLEAR_LINE);
      out.flush();
    }
  }

  @Override
  public void close() {
    bar.close();
    erase();
  }

  /** Takes the bar from the library's thread. */
  private final class Bar implements ProgressBarConsumer {

    /** The last column stays free: some terminals go to the next line with it. */
    @Override
    public int getMaxRenderedLength() {
      return width - 1;
    }

    @Override
    public void accept(String rendered) {
      draw(rendered);
    }

    @Override
    public void close() {
      erase();
    }
  }
}

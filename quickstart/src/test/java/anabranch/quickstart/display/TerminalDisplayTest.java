// SPDX-License-Identifier: Apache-2.0
package anabranch.quickstart.display;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TerminalDisplayTest {

  private static final int WIDTH = 80;
  private static final String ERASE = "\u001b[2K";

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  @Test
  void linesStandAloneWhileTheBarIsDrawnBetweenThem() throws InterruptedException {
    List<String> lines = new ArrayList<>();
    try (Display display =
        new TerminalDisplay(new PrintStream(bytes, true, StandardCharsets.UTF_8), 30, WIDTH)) {
      display.starting("everything");
      for (int round = 1; round <= 30; round++) {
        String line = "line of round " + round;
        lines.add(line);
        display.line(line);
        display.done(round);
        Thread.sleep(20);
      }
    }

    assertThat(output()).contains("rounds", "%");
    assertThat(screen()).containsExactlyElementsOf(lines);
  }

  @Test
  void barIsNarrowerThanTheTerminal() throws InterruptedException {
    try (Display display =
        new TerminalDisplay(new PrintStream(bytes, true, StandardCharsets.UTF_8), 30, WIDTH)) {
      display.starting("something that has a very long name, longer than any terminal is wide");
      Thread.sleep(500);
    }

    assertThat(output().split("\r"))
        .allSatisfy(drawn -> assertThat(drawn.replace(ERASE, "").length()).isLessThan(WIDTH));
  }

  private String output() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** What a terminal shows in the end: an erased line begins anew. */
  private List<String> screen() {
    List<String> shown = new ArrayList<>();
    for (String line : output().split(System.lineSeparator(), -1)) {
      String rest = line.substring(line.lastIndexOf("\r" + ERASE) + 1).replace(ERASE, "");
      if (!rest.isEmpty()) {
        shown.add(rest);
      }
    }
    return shown;
  }
}

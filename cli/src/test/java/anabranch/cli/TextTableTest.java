// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class TextTableTest {

  @Test
  void numbersStandToTheRightAndWordsToTheLeft() {
    TextTable table = new TextTable("round", "outcome", "MB");
    table.row(9, "COMPLETED", "");
    table.row(10, "-", "1.5");
    StringWriter text = new StringWriter();

    table.print(new PrintWriter(text));

    assertThat(text.toString().lines())
        .containsExactly("round  outcome     MB", "    9  COMPLETED", "   10  -          1.5");
  }
}

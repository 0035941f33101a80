// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Rows under headings, as wide as they need to be: numbers to the right, words to the left. */
final class TextTable {

  private static final Pattern NUMBER = Pattern.compile("[-.,0-9]*");
  private static final String GAP = "  ";

  private final List<Object[]> rows = new ArrayList<>();
  private final int[] widths;

  TextTable(String... headings) {
    widths = new int[headings.length];
    row((Object[]) headings);
  }

  /**
   * @param cells one for each heading
   */
  void row(Object... cells) {
    rows.add(cells);
    for (int i = 0; i < widths.length; i++) {
      widths[i] = Math.max(widths[i], cells[i].toString().length());
    }
  }

  void print(PrintWriter out) {
    for (Object[] row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.length; i++) {
        String format = (isNumeric(i) ? "%" : "%-") + widths[i] + "s";
        line.append(i == 0 ? "" : GAP).append(format.formatted(row[i]));
      }
      out.println(line.toString().stripTrailing());
    }
    out.flush();
  }

  private boolean isNumeric(int column) {
    return rows.stream().skip(1).allMatch(r -> NUMBER.matcher(r[column].toString()).matches());
  }
}

// SPDX-License-Identifier: Apache-2.0
package anabranch.client.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A table of numbers from a comma-separated file: a line of names, then one line a row, without
 * quotes. An empty field is a missing value.
 *
 * @param file its name, for messages
 * @param columns their names
 * @param rows each as long as there are columns, missing values as NaN
 */
record CsvTable(String file, List<String> columns, List<double[]> rows) {

  CsvTable {
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
  }

  /**
   * Reads a whole file.
   *
   * @param name of the file, for messages
   * @throws IOException if it cannot be read, or a line is not as described; the message names it
   */
  static CsvTable read(InputStream file, String name) throws IOException {
    BufferedReader lines = new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8));
    String header = lines.readLine();
    if (header == null) {
      throw new IOException(name + " is empty");
    }
    List<String> columns = Arrays.asList(header.split(",", -1));
    List<double[]> rows = new ArrayList<>();
    String line;
    while ((line = lines.readLine()) != null) {
      // The header is line 1.
      rows.add(row(line, columns, "%s, line %d".formatted(name, rows.size() + 2)));
    }
    return new CsvTable(name, columns, rows);
  }

  private static double[] row(String line, List<String> columns, String place) throws IOException {
    String[] fields = line.split(",", -1);
    if (fields.length != columns.size()) {
      throw new IOException(
          "%s has %d fields, the header has %d".formatted(place, fields.length, columns.size()));
    }
    double[] row = new double[fields.length];
    for (int i = 0; i < row.length; i++) {
      try {
        row[i] = fields[i].isEmpty() ? Double.NaN : Double.parseDouble(fields[i]);
      } catch (NumberFormatException e) {
        throw new IOException(
            "%s: column '%s' is '%s', no number".formatted(place, columns.get(i), fields[i]), e);
      }
    }
    return row;
  }

  /**
   * Position of a column.
   *
   * @throws IOException if there is none of that name
   */
  int column(String name) throws IOException {
    int column = columns.indexOf(name);
    if (column < 0) {
      throw new IOException("%s has no column '%s', only %s".formatted(file, name, columns));
    }
    return column;
  }
}

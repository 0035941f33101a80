// SPDX-License-Identifier: Apache-2.0
package anabranch.client.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Years of 5,912 people in the RAND Health Insurance Experiment, at six sites: was the person
 * admitted to a hospital in that year (class 1, 9 % of the years), judged by 24 numbers that were
 * known before (plan, age and sex, family, health at enrolment; the table at {@link
 * HospitalInput}). The sites are the natural groups.
 *
 * <p>About a fifth of the people are for testing, chosen by a fixed hash of the person's number, so
 * all years of a person are on one side and every site is on both.
 *
 * @param train samples to train on
 * @param test samples to evaluate on, never trained on
 */
public record Hospital(Dataset train, Dataset test) {

  private static final String FILE = "hospital.csv";
  private static final int SITES = 6;
  private static final int FOLDS = 5;

  /** The shipped table, whole. Each call reads it anew. */
  public static Hospital shipped() {
    try {
      return read(DataFiles.shipped("hospital"));
    } catch (IOException e) {
      throw new UncheckedIOException("the shipped hospital table cannot be read", e);
    }
  }

  /**
   * A table of the same columns: {@code hospital.csv} in a folder, plain or with suffix {@code
   * .gz}.
   *
   * @throws IOException if it is missing, damaged or lacks a column
   */
  public static Hospital in(Path folder) throws IOException {
    return read(DataFiles.in(folder));
  }

  private static Hospital read(DataFiles files) throws IOException {
    CsvTable table = files.read(FILE, CsvTable::read);
    int admissions = table.column("totadm");
    int site = table.column("site");
    int person = table.column("zper");
    int size = table.rows().size();
    int[] labels = new int[size];
    int[] sites = new int[size];
    for (int row = 0; row < size; row++) {
      double[] values = table.rows().get(row);
      if (!(values[site] >= 1 && values[site] <= SITES)) {
        throw new IOException(
            "%s, line %d: site is %s, expected 1 to %d"
                .formatted(FILE, row + 2, values[site], SITES));
      }
      labels[row] = values[admissions] > 0 ? 1 : 0;
      sites[row] = (int) values[site] - 1;
    }
    Dataset all =
        new LabelledRows(
            HospitalInput.read(table), labels, sites, HospitalInput.ALL.size(), 2, SITES);
    return new Hospital(
        all.subset(rows(table, person, false)), all.subset(rows(table, person, true)));
  }

  private static int[] rows(CsvTable table, int person, boolean forTesting) {
    return IntStream.range(0, table.rows().size())
        .filter(row -> isForTesting((long) table.rows().get(row)[person]) == forTesting)
        .toArray();
  }

  /** Depends on the person alone; SplitMix64 serves as the hash. */
  static boolean isForTesting(long person) {
    return new SplittableRandom(person).nextInt(FOLDS) == 0;
  }
}

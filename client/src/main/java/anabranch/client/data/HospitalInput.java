// SPDX-License-Identifier: Apache-2.0
package anabranch.client.data;

import java.io.IOException;
import java.util.List;

/**
 * One input of the network for {@link Hospital}: a column, shifted and scaled by constants. The
 * constants are the rounded mean and standard deviation over the training rows. They stand here and
 * are not computed at a start, so a site standardises its rows without seeing those of others.
 *
 * <p>Only what is known before the year's care is an input. Left out are what the year brought
 * ({@code outpdol, drugdol, suppdol, mentdol, inpdol, meddol, lnmeddol, binexp, mentvis, mdvis,
 * notmdvis, inpmis, time}) and the target itself ({@code totadm}); who and where ({@code zper,
 * plan, site}) and the race of the household's head; and what says again what another column says
 * ({@code mdeoff, pioff, lfam, xghindx}).
 *
 * @param column name in the table
 * @param centre value that becomes 0, as does a missing one
 * @param scale difference that becomes 1
 * @param missing whether the input is 1 where the column is missing and 0 where it is not, instead
 *     of the column's value
 */
record HospitalInput(String column, double centre, double scale, boolean missing) {

  /** All inputs, in the network's order. */
  static final List<HospitalInput> ALL =
      List.of(
          // The insurance plan: coinsurance rate, individual deductible, incentive, ceiling.
          of("coins", 26, 36),
          of("logc", 2.4, 2.0),
          of("idp", 0.26, 0.44),
          of("lpi", 4.7, 2.7),
          of("fmde", 4.0, 3.5),
          of("year", 2.4, 1.2),
          // The person.
          of("xage", 26, 17),
          of("female", 0.51, 0.50),
          of("child", 0.40, 0.49),
          of("fchild", 0.19, 0.39),
          // The family.
          of("educdec", 12, 2.8),
          of("income", 8050, 4030),
          of("linc", 8.7, 1.2),
          of("num", 4.0, 1.9),
          of("lnum", 1.25, 0.54),
          // Health at enrolment.
          of("tookphys", 0.60, 0.49),
          of("mhi", 76, 12.6),
          of("disea", 11.2, 6.8),
          of("physlm", 0.12, 0.31),
          of("ghindx", 73, 16),
          new HospitalInput("ghindx", 0.26, 0.44, true),
          of("hlthg", 0.37, 0.48),
          of("hlthf", 0.07, 0.26),
          of("hlthp", 0.016, 0.12));

  private static HospitalInput of(String column, double centre, double scale) {
    return new HospitalInput(column, centre, scale, false);
  }

  /** The inputs of all rows of a table. */
  static float[][] read(CsvTable table) throws IOException {
    int[] columns = new int[ALL.size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = table.column(ALL.get(i).column);
    }
    float[][] inputs = new float[table.rows().size()][columns.length];
    for (int row = 0; row < inputs.length; row++) {
      for (int i = 0; i < columns.length; i++) {
        inputs[row][i] = ALL.get(i).of(table.rows().get(row)[columns[i]]);
      }
    }
    return inputs;
  }

  /** The input for a value of the column, NaN when that is missing. */
  float of(double value) {
    boolean absent = Double.isNaN(value);
    if (missing) {
      return (float) (((absent ? 1 : 0) - centre) / scale);
    }
    return absent ? 0 : (float) ((value - centre) / scale);
  }
}

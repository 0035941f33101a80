// SPDX-License-Identifier: Apache-2.0
package anabranch.quickstart.report;

import java.util.Locale;

/** The figure by which models of a data set are judged, as people read it. */
public enum Score {
  /** Share of samples that are classified rightly. */
  ACCURACY("accuracy") {
    @Override
    public String text(double value) {
      return String.format(Locale.ROOT, "%.2f %%", 100 * value);
    }
  },
  /** Area under the ROC curve. */
  AUC("AUC") {
    @Override
    public String text(double value) {
      return String.format(Locale.ROOT, "%.4f", value);
    }
  };

  private final String label;

  Score(String label) {
    this.label = label;
  }

  /** Its name. */
  public String label() {
    return label;
  }

  /**
   * @param value in [0, 1]
   */
  public abstract String text(double value);
}

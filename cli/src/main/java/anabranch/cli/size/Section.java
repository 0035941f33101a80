// SPDX-License-Identifier: Apache-2.0
package anabranch.cli.size;

import java.util.List;

/** Figures that belong together, with what is to be said of them. */
public record Section(String title, List<Figure> figures, List<String> notes) {

  public Section {
    figures = List.copyOf(figures);
    notes = List.copyOf(notes);
  }
}
